package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.klms.AgreedAnswer;
import org.fobstation.klms.ArbitraryKlmsAnswer;
import org.fobstation.klms.KeyRequest;
import org.fobstation.klms.KlmsAnswer;
import org.fobstation.klms.ReadAnswer;
import org.fobstation.outcome.FailureCode;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;

/**
 * A key server that answers anything at all, and a good fob: the fob is not touched unless the answer is as agreed, may be
 * obeyed and was not given before, and every run ends in a code that names whose fault it is.
 */
class ArbitraryKlmsAnswerRunPropertyTest {

    private static final String FOB = "04A1B2C3D4E5F6";
    private static final HexFormat HEX = HexFormat.of();

    /** Told by the answer alone, before any command that touches the fob. */
    private static final Set<FailureCode> BEFORE_THE_FOB = EnumSet.of(
            FailureCode.KLMS_ANSWER_INVALID,
            FailureCode.TRANSACTION_REUSED,
            FailureCode.PAYLOAD_NOT_ALLOWED,
            FailureCode.PAYLOAD_TOO_LONG,
            FailureCode.ROTATED_KVN_ISSUED,
            // KVN FF
            FailureCode.FACTORY_KEYS);

    /** What a good fob says to keys, key version or payload that are not its own. */
    private static final Set<FailureCode> FROM_THE_FOB = EnumSet.of(
            FailureCode.KEY_SET_NOT_FOUND,
            FailureCode.OTHER_KEY_SETS,
            FailureCode.CARD_CRYPTOGRAM_MISMATCH,
            FailureCode.PAYLOAD_REFUSED,
            FailureCode.COMMAND_REFUSED,
            FailureCode.KEY_SET_REPLACED,
            // Keys that open a session, and a DEK that is none: the fob cannot read the new keys.
            FailureCode.SECURE_MESSAGING_LOST,
            FailureCode.CARD_MEMORY_FULL);

    private static final FuzzedStation STATION = new FuzzedStation(SecurityLevel.LEVEL_33, "secured, rotate-keys");

    /** Whoever provisions a fob with what a key server answers. */
    interface Provisioner {
        FuzzedStation.Ended run(ApduTransport fob, Function<KeyRequest, KlmsAnswer> klms) throws Exception;
    }

    @AfterContainer
    static void close() throws IOException {
        STATION.close();
    }

    /** Around answers that suit the fob; some come with a transaction id that was given before. */
    @Provide
    Arbitrary<ArbitraryKlmsAnswer> answers() {
        return ArbitraryKlmsAnswer.to(
                FOB,
                Arbitraries.integers()
                        .between(0, 2_000)
                        .map(id -> new AgreedAnswer(
                                "trx_" + id,
                                FuzzedStation.KVN,
                                HEX.formatHex(CardKeys.TEST.enc()),
                                HEX.formatHex(CardKeys.TEST.mac()),
                                HEX.formatHex(CardKeys.TEST.dek()),
                                "80E20000",
                                "F1E2D3C4B5A6")));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void touchesTheFobOnlyIfTheAnswerIsAsAgreed(@ForAll("answers") ArbitraryKlmsAnswer answer) throws Exception {
        Provisioner counted = (fob, klms) -> {
            FuzzedStation.Ended ended = STATION.run(fob, klms);
            Statistics.label("outcome")
                    .collect(ended.report()
                            .failure()
                            .map(failure -> failure.code().name())
                            .orElse("PASS"));
            return ended;
        };
        assertThat(violation(counted, answer)).isEmpty();
    }

    /** What was wrong about a run; empty if nothing. */
    private static Optional<String> violation(Provisioner station, ArbitraryKlmsAnswer answer) throws Exception {
        VirtualFob fob = FuzzedStation.fob();
        FuzzedStation.Ended ended;
        try {
            ended = station.run(fob::transmit, request -> ReadAnswer.of(answer.bytes(), asked(request)));
        } catch (RuntimeException leaked) {
            return Optional.of("an exception left the run: " + leaked);
        }
        FailureCode code =
                ended.report().failure().map(failure -> failure.code()).orElse(null);
        boolean agreed = AgreedAnswer.of(answer.bytes(), FOB).isPresent();
        if (!agreed && code != FailureCode.KLMS_ANSWER_INVALID) {
            return Optional.of("ended in " + ended.report());
        }
        if (!agreed && !fob.received().isEmpty()) {
            return Optional.of("sent " + fob.received());
        }
        if (BEFORE_THE_FOB.contains(code) && isTouched(fob)) {
            return Optional.of("sent " + fob.received() + " before " + code);
        }
        if (code != null && !BEFORE_THE_FOB.contains(code) && !FROM_THE_FOB.contains(code)) {
            return Optional.of("ended in " + ended.report().failure());
        }
        return ended.wiped() ? Optional.empty() : Optional.of("keys were left behind");
    }

    /** Whatever fob it is, the answer is about this one. */
    private static KeyRequest asked(KeyRequest request) {
        return new KeyRequest(FOB, request.readerId(), request.custody());
    }

    /** By any command but SELECT and GET DATA. */
    private static boolean isTouched(VirtualFob fob) {
        return fob.received().stream().anyMatch(command -> !command.matches("..(A4|CA).*"));
    }

    private boolean isFound(Provisioner station) {
        return answers().sampleStream().limit(2_000).anyMatch(answer -> {
            try {
                return violation(station, answer).isPresent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** A property that cannot fail proves nothing. */
    @Example
    void findsAStationThatOpensTheSessionBeforeItHasLookedAtTheAnswer() {
        assertThat(isFound((fob, klms) -> {
                    fob.transmit(HEX.parseHex("8050010008010203040506070800"));
                    return STATION.run(fob, klms);
                }))
                .isTrue();
    }

    @Example
    void findsAStationThatMakesDoOfAnInvalidAnswerWithItsLastKeys() {
        assertThat(isFound((fob, klms) -> {
                    FuzzedStation.Ended ended = STATION.run(fob, klms);
                    return ended.report().failure().isEmpty() ? ended : STATION.run(fob);
                }))
                .isTrue();
    }
}
