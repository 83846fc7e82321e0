package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.fobstation.outcome.FailureCode;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;

/**
 * A key server that answers anything at all: the station takes what is as agreed, and nothing else, as a second and
 * plainer reader judges it. What it refuses it names without quoting it, and in no case is anything left in memory.
 */
class ArbitraryKlmsAnswerPropertyTest {

    private static final String FOB = "04A1B2C3D4E5F6";
    private static final int DETAIL_MAX = 120;
    private static final Pattern SECRET = Pattern.compile("[0-9A-Fa-f]{16}");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Whoever makes a key package of an answer. */
    interface Reader {
        /** @param body overwritten, whatever happens */
        KlmsAnswer read(byte[] body, KeyRequest request) throws Exception;
    }

    @Provide
    Arbitrary<ArbitraryKlmsAnswer> answers() {
        return ArbitraryKlmsAnswer.to(FOB);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void isTakenOnlyIfItIsAsAgreedAndLeavesNothingBehind(@ForAll("answers") ArbitraryKlmsAnswer answer) {
        boolean agreed = AgreedAnswer.of(answer.bytes(), FOB).isPresent();
        Statistics.collect(agreed ? "as agreed" : "not as agreed");
        assertThat(violation(ReadAnswer::of, answer)).isEmpty();
    }

    /** What is wrong about how an answer was read; empty if nothing. */
    private static Optional<String> violation(Reader reader, ArbitraryKlmsAnswer answer) {
        byte[] body = answer.bytes();
        Optional<AgreedAnswer> agreed = AgreedAnswer.of(body, FOB);
        List<KeyPackage> custody = new ArrayList<>();
        long before = SecretBytes.bytesOpen();
        KlmsAnswer read;
        try {
            read = reader.read(body, new KeyRequest(FOB, "READER", custody::add));
        } catch (Exception leaked) {
            return Optional.of("an exception left the reader: " + leaked);
        }
        Optional<String> wrong = read instanceof KlmsError error
                ? refused(error, agreed, answer)
                : taken((KeyPackage) read, agreed, custody);
        custody.forEach(KeyPackage::close);
        if (wrong.isEmpty() && body.length <= BoundedCall.MAX_ANSWER && !isZero(body)) {
            return Optional.of("the answer was not overwritten");
        }
        long left = SecretBytes.bytesOpen() - before;
        return left == 0 ? wrong : Optional.of(left + " bytes of secrets were left behind");
    }

    private static Optional<String> refused(
            KlmsError error, Optional<AgreedAnswer> agreed, ArbitraryKlmsAnswer answer) {
        if (error.code() != FailureCode.KLMS_ANSWER_INVALID) {
            return Optional.of("the code is " + error.code());
        }
        if (error.detail().length() > DETAIL_MAX
                || SECRET.matcher(error.detail()).find()
                || error.detail().chars().anyMatch(sign -> sign < ' ' || sign > '~')) {
            return Optional.of("it tells of the answer: " + error.detail());
        }
        // Digits written as JSON escapes are the one thing that the station takes more strictly.
        boolean plain = !new String(answer.bytes(), StandardCharsets.UTF_8).contains("\\");
        return agreed.isPresent() && plain ? Optional.of("refused as agreed: " + error.detail()) : Optional.empty();
    }

    private static Optional<String> taken(KeyPackage keys, Optional<AgreedAnswer> agreed, List<KeyPackage> custody) {
        if (custody.size() != 1 || custody.get(0) != keys) {
            return Optional.of("the run does not own it");
        }
        StaticKeys statics = keys.staticKeys(KlmsRig.CUSTODIAN);
        Payload payload = keys.payload(KlmsRig.CUSTODIAN);
        AgreedAnswer read = new AgreedAnswer(
                keys.transactionId(),
                keys.keyVersion(),
                hex(statics.enc()),
                hex(statics.mac()),
                hex(statics.dek()),
                "%02X%02X%02X%02X".formatted(payload.cla(), payload.ins(), payload.p1(), payload.p2()),
                hex(payload.data()));
        return agreed.equals(Optional.of(read)) ? Optional.empty() : Optional.of("taken though " + agreed);
    }

    private static String hex(SecretBytes secret) {
        byte[] bytes = new byte[secret.length()];
        secret.exposeTo(bytes, 0);
        return HEX.formatHex(bytes);
    }

    private static boolean isZero(byte[] bytes) {
        return IntStream.range(0, bytes.length).allMatch(i -> bytes[i] == 0);
    }

    private boolean isFound(Reader reader) {
        return answers().sampleStream().limit(2_000).anyMatch(answer -> violation(reader, answer)
                .isPresent());
    }

    /** A property that cannot fail proves nothing. */
    @Example
    void findsAReaderThatLetsTheLastOfTwoFieldsWin() {
        assertThat(isFound((body, request) ->
                        ReadAnswer.of(edited(body, "\"(\\w+)\":[^,{}]*,(?=.*\"\\1\":)", ""), request)))
                .isTrue();
    }

    @Example
    void findsAReaderThatTakesAnotherFobsKeys() {
        assertThat(isFound((body, request) -> ReadAnswer.of(edited(body, "\"fob_uid\"", "\"fob_u1d\""), request)))
                .isTrue();
    }

    @Example
    void findsAReaderThatQuotes() {
        assertThat(isFound((body, request) -> {
                    String quote = new String(body, StandardCharsets.ISO_8859_1);
                    KlmsAnswer answer = ReadAnswer.of(body, request);
                    return answer instanceof KlmsError error
                            ? new KlmsError(error.code(), error.detail() + " in " + quote)
                            : answer;
                }))
                .isTrue();
    }

    @Example
    void findsAReaderThatForgetsToWipeWhatItHadDecoded() {
        List<SecretBytes> forgotten = new ArrayList<>();
        assertThat(isFound((body, request) -> {
                    KlmsAnswer answer = ReadAnswer.of(body, request);
                    if (answer instanceof KlmsError error && error.detail().startsWith("ford_payload")) {
                        forgotten.add(SecretBytes.allocate(16));
                    }
                    return answer;
                }))
                .isTrue();
        forgotten.forEach(SecretBytes::close);
    }

    @Example
    void findsAReaderThatLeavesTheAnswerInMemory() {
        assertThat(isFound((body, request) -> ReadAnswer.of(body.clone(), request)))
                .isTrue();
    }

    /** Read as if it were written otherwise; what is longer or shorter then is still overwritten. */
    private static byte[] edited(byte[] body, String from, String to) {
        byte[] edited = new String(body, StandardCharsets.ISO_8859_1)
                .replaceAll(from, to)
                .getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(body, (byte) 0);
        return edited;
    }
}
