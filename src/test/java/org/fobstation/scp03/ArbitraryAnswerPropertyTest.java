package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.scp03.Vectors.hex;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.secret.SecretBytes;

/**
 * A card that answers anything at all, from any command of a session on: the host ends with one of its own faults, or
 * goes on where the specification lets it; never with another exception, and it sends nothing after a failed check.
 */
class ArbitraryAnswerPropertyTest {

    /** Two of the handshake, two blocks of STORE DATA, and one each of {@link #COMMANDS}. */
    private static final int STEPS = 2 + 2 + 5;

    /** Each may be sent twice, and each may be followed by as many GET RESPONSE as a host will send. */
    private static final int MOST_SENT = STEPS * 2 * (1 + GetResponse.MAX_ROUNDS);

    private static final List<CommandApdu> COMMANDS = List.of(
            CommandApdu.parse(hex("80F28002024F0000")),
            CommandApdu.parse(hex("80DA010005F1E2D3C4B5")),
            CommandApdu.parse(hex("80F0800F")),
            CommandApdu.parse(hex("80F0800F08A000000151000000")),
            CommandApdu.parse(hex("80CA006600")));

    /** A session, and where in it the card stops making sense. */
    record Session(Scp03Mode mode, SecurityLevel level, int genuine, List<ArbitraryAnswer> answers) {}

    /** Whoever opens the session and sends the commands. */
    interface Host {
        void run(ApduTransport transport, Session session) throws Exception;
    }

    @Provide
    Arbitrary<Session> sessions() {
        return Combinators.combine(
                        Arbitraries.of(Scp03Mode.class),
                        Arbitraries.of(SecurityLevel.class),
                        Arbitraries.integers().between(0, STEPS - 1),
                        ArbitraryAnswer.any().list().ofMinSize(1).ofMaxSize(6))
                .as(Session::new);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void endsInAFaultOfItsOwnAndSendsNothingAfterAFailedCheck(@ForAll("sessions") Session session) {
        Host counted = (transport, given) -> {
            try {
                station(transport, given);
                Statistics.label("ended in").collect("no fault");
            } catch (Scp03Exception fault) {
                Statistics.label("ended in").collect(fault.fault());
                throw fault;
            }
        };
        assertThat(violation(counted, session)).isEmpty();
    }

    private static void station(ApduTransport transport, Session session) throws Exception {
        station(transport, session, session.level());
    }

    private static void station(ApduTransport transport, Session session, SecurityLevel level) throws Exception {
        HandshakeParameters parameters = HandshakeParameters.of(1).withMode(session.mode());
        byte[] hostChallenge = new byte[session.mode().length()];
        try (StaticKeys keys = TestCard.keys();
                SecretBytes payload = SecretBytes.allocate(300);
                Handshake handshake = Handshake.begin(transport, keys, parameters, hostChallenge);
                SecureChannel channel = handshake.authenticate(level)) {
            StoreData.of(0, payload, 200).send(channel);
            for (CommandApdu command : COMMANDS) {
                channel.transmit(command);
            }
        }
    }

    /** What was wrong about a session; empty if nothing. */
    private static Optional<String> violation(Host host, Session session) {
        TestCard card = new TestCard(session.mode());
        AnswerMonitor monitor = new AnswerMonitor(card, session.level().rMac(), session.genuine(), session.answers());
        boolean failed = false;
        try {
            host.run(monitor, session);
        } catch (Scp03Exception | TransportException expected) {
            failed = true;
        } catch (Exception other) {
            return Optional.of("not one of its own faults: " + other);
        }
        if (monitor.endsHere() && !failed) {
            return Optional.of("a wrong answer was taken for right");
        }
        if (monitor.sent() > MOST_SENT) {
            return Optional.of(monitor.sent() + " commands were sent");
        }
        return Optional.ofNullable(monitor.violation());
    }

    // Hosts with a bug each: a property that cannot fail proves nothing.

    private boolean isFound(Host host) {
        return sessions().sampleStream().limit(2_000).anyMatch(session -> violation(host, session)
                .isPresent());
    }

    @Example
    void findsAHostThatForgetsTheRMac() {
        assertThat(isFound((transport, session) -> {
                    SecurityLevel forgetful = SecurityLevel.of(session.level().value() & 0x03);
                    station(transport, session, forgetful);
                }))
                .isTrue();
    }

    @Example
    void findsAHostThatTriesAgainAfterAFault() {
        assertThat(isFound((transport, session) -> {
                    try {
                        station(transport, session);
                    } catch (Scp03Exception again) {
                        station(transport, session);
                    }
                }))
                .isTrue();
    }

    @Example
    void findsAHostThatReadsBeforeItCountsTheBytes() {
        assertThat(isFound((transport, session) -> station(
                        command -> {
                            byte[] answer = transport.transmit(command);
                            byte[] rMac = Arrays.copyOfRange(answer, answer.length - 10, answer.length - 2);
                            assertThat(rMac).hasSize(8);
                            return answer;
                        },
                        session)))
                .isTrue();
    }

    @Example
    void findsAHostThatSwallowsItsFaults() {
        assertThat(isFound((transport, session) -> {
                    try {
                        station(transport, session);
                    } catch (Scp03Exception swallowed) {
                        assertThat(swallowed.fault()).isNotNull();
                    }
                }))
                .isTrue();
    }
}
