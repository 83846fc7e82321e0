package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.scp03.Vectors.hex;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.secret.SecretBytes;

/**
 * Whatever a host wraps, {@link TestCard} unwraps to the same, and the other way round: any command, any answer, all
 * modes, levels and key lengths. The card is written from the specification with other code and other cryptography.
 */
class WrapUnwrapPropertyTest {

    private static final int LONGEST_EXTENDED = 700;

    /**
     * One command and what the card answers it with.
     *
     * @param header CLA INS P1 P2
     * @param fill how much of the room the data take, 0..1000
     * @param ne 0..256
     * @param answerLength 0..300
     * @param content what command data and answer data are made of
     * @param secret whether the data are sent from {@link SecretBytes}
     */
    record Exchange(int header, int fill, int ne, int answerLength, int status, long content, boolean secret) {

        byte[] data(int room) {
            return bytes(fill * room / 1000, content);
        }

        /** At R-MAC an error comes without data. */
        byte[] answer(SecurityLevel level) {
            boolean protects = status == 0x9000 || status >> 8 == 0x62 || status >> 8 == 0x63;
            return bytes(level.rMac() && !protects ? 0 : answerLength, ~content);
        }

        private static byte[] bytes(int length, long seed) {
            byte[] bytes = new byte[length];
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }
    }

    record Session(Scp03Mode mode, SecurityLevel level, int keyLength, boolean extended, List<Exchange> exchanges) {

        int room() {
            return extended ? LONGEST_EXTENDED : level.maxShortData(mode);
        }
    }

    @Provide
    Arbitrary<Session> sessions() {
        return Combinators.combine(
                        Arbitraries.of(Scp03Mode.class),
                        Arbitraries.of(SecurityLevel.class),
                        Arbitraries.of(16, 24, 32),
                        Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true)),
                        exchanges().list().ofMinSize(1).ofMaxSize(4))
                .as(Session::new);
    }

    private static Arbitrary<Exchange> exchanges() {
        return Combinators.combine(
                        headers(),
                        Arbitraries.oneOf(Arbitraries.integers().between(0, 1000), Arbitraries.of(0, 1000)),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(1, 256)),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(1, 300)),
                        statuses(),
                        Arbitraries.longs(),
                        Arbitraries.of(true, false))
                .as(Exchange::new);
    }

    /** All but the commands that open a session and the one that fetches answers. */
    private static Arbitrary<Integer> headers() {
        return Combinators.combine(
                        Arbitraries.of(0x00, 0x03, 0x10, 0x80, 0x81, 0x82, 0x93),
                        Arbitraries.integers()
                                .between(0, 0xFF)
                                .filter(ins -> ins != 0x50 && ins != 0x82 && ins != 0xC0),
                        Arbitraries.integers().between(0, 0xFFFF))
                .as((cla, ins, parameters) -> cla << 24 | ins << 16 | parameters);
    }

    /** All but the two that ask for another command. */
    private static Arbitrary<Integer> statuses() {
        return Arbitraries.oneOf(
                        Arbitraries.just(0x9000),
                        Arbitraries.integers().between(0x6200, 0x63FF),
                        Arbitraries.integers().between(0, 0xFFFF))
                .filter(status -> status >> 8 != 0x61 && status >> 8 != 0x6C);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void givesTheCardTheCommandAndTheHostTheAnswer(@ForAll("sessions") Session session) throws Exception {
        exchange(session, Compatibility.STANDARD);
    }

    private static void exchange(Session session, Compatibility compatibility) throws Exception {
        TestCard card = new TestCard(session.mode(), session.keyLength());
        HandshakeParameters parameters =
                HandshakeParameters.of(1).withExtendedLength(session.extended()).withCompatibility(compatibility);
        try (SecureChannel channel = card.open(session.level(), parameters)) {
            for (Exchange exchange : session.exchanges()) {
                byte[] data = exchange.data(session.room());
                byte[] answer = exchange.answer(session.level());
                card.answers(hex(answer), exchange.status());
                ResponseApdu got = transmit(channel, exchange, data);
                assertThat(card.received.get(card.received.size() - 1)).isEqualTo(hex(data));
                assertThat(got.data()).isEqualTo(answer);
                assertThat(got.status().value()).isEqualTo(exchange.status());
                assertLaidOut(card.sent.get(card.sent.size() - 1), exchange, data.length, session);
            }
        }
        assertThat(card.received).hasSize(session.exchanges().size());
    }

    private static ResponseApdu transmit(SecureChannel channel, Exchange exchange, byte[] data) throws Exception {
        int header = exchange.header();
        byte[] own = exchange.secret() ? new byte[0] : data;
        CommandApdu command = CommandApdu.of(
                header >>> 24, header >> 16 & 0xFF, header >> 8 & 0xFF, header & 0xFF, own, exchange.ne());
        if (!exchange.secret()) {
            return channel.transmit(command);
        }
        try (SecretBytes secret = SecretBytes.takeFrom(data.clone())) {
            return channel.transmit(command, secret);
        }
    }

    /** Header, Ne and length: nothing more is sent than the protection needs. */
    private static void assertLaidOut(String sent, Exchange exchange, int plain, Session session) {
        SecurityLevel level = session.level();
        int secured = level.cMac() ? exchange.header() | 0x04000000 : exchange.header();
        assertThat(sent).startsWith(String.format("%08X", secured));
        CommandApdu wrapped = CommandApdu.parse(hex(sent));
        assertThat(wrapped.ne()).isEqualTo(exchange.ne());
        int body = level.cEnc() && plain > 0 ? plain + 16 - plain % 16 : plain;
        assertThat(wrapped.dataLength())
                .isEqualTo(body + (level.cMac() ? session.mode().length() : 0));
    }

    /** A host that counts in another way must be found, or the property proves nothing. */
    @Example
    void findsAHostThatCountsCommandsWithDataOnly() {
        assertThat(sessions()
                        .sampleStream()
                        .limit(2_000)
                        .anyMatch(session -> fails(session, new Compatibility(true, false))))
                .isTrue();
    }

    @Example
    void findsAHostThatEncryptsEmptyData() {
        assertThat(sessions()
                        .sampleStream()
                        .limit(2_000)
                        .anyMatch(session -> fails(session, new Compatibility(false, true))))
                .isTrue();
    }

    private static boolean fails(Session session, Compatibility deviation) {
        try {
            exchange(session, deviation);
            return false;
        } catch (Exception | AssertionError found) {
            return true;
        }
    }
}
