package org.fobstation.klms;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * An answer of a key server that nobody thought of: one as agreed, bent in up to three places, so that a reader gets far
 * into most of them.
 *
 * @param faults in this order; without any it is as agreed
 */
public record ArbitraryKlmsAnswer(AgreedAnswer agreed, List<AnswerFault> faults) {

    private static final String HEX = "0123456789abcdefABCDEF";
    private static final String[] NAMES = {
        "\"transaction_id\"",
        "\"key_version\"",
        "\"scp03_static_keys\"",
        "\"ford_payload\"",
        "\"enc\"",
        "\"mac\"",
        "\"dek\"",
        "\"apdu_cla_ins_p1_p2\"",
        "\"data_hex\"",
        "\"fob_uid\"",
        "\"ENC\"",
        "\"enc \"",
        "\"\\u0065nc\"",
        "\"transaction\\u005fid\"",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"__proto__\"",
        "\"expires_at\"",
        "enc",
        "'enc'",
        "1",
        "null",
        "\"enc\u0000\"",
        "\"en\u0301c\"",
        "\"" + "n".repeat(257) + "\"",
        "\"n"
    };
    private static final String[] VALUES = {
        "null",
        "true",
        "false",
        "0",
        "1",
        "3",
        "48",
        "255",
        "256",
        "-1",
        "-0",
        "3.0",
        "3e0",
        "1e999",
        "0x30",
        "01",
        "+1",
        ".5",
        "NaN",
        "Infinity",
        "2147483648",
        "18446744073709551664",
        "9".repeat(32),
        "9".repeat(33),
        "1e" + "9".repeat(40),
        "0." + "3".repeat(200),
        "\"\"",
        "\"3\"",
        "\"48\"",
        "\"0\"",
        "\"zz\"",
        "\"\\u0034\\u0030\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udfff\\ud800\"",
        "\"\\x\"",
        "\"\u0000\"",
        "\"a\nb\"",
        "\"\u001b[2J\"",
        "\"\u202e\"",
        "\"\ud83d\udd11\"",
        "\"../../etc/passwd\"",
        "\"trx_1\\r\\nX: y\"",
        "\"t\\u0000\"",
        "\"CON\"",
        "\"" + "t".repeat(64) + "\"",
        "\"" + "t".repeat(65) + "\"",
        "\"80E20000\"",
        "\"80F00F00\"",
        "\"00000000\"",
        "\"80E200\"",
        "\"FFFFFFFF\"",
        "'x'",
        "x",
        "\"x",
        "[]",
        "{}",
        "[1]",
        "[\"40\",\"41\"]",
        "[[]",
        "}",
        "]",
        ",",
        "/* x */1",
        "{\"a\":1}",
        "{\"a\":{\"b\":[1,\"\"]}}",
        "{\"enc\":\"00\"}",
        "[".repeat(15) + "]".repeat(15),
        "[".repeat(16) + "]".repeat(16),
        "{\"a\":".repeat(20) + "1" + "}".repeat(20)
    };

    /** Seldom, as they take long. */
    private static final String[] HUGE = {
        "\"" + "A5".repeat(20_000) + "\"",
        "[".repeat(100_000),
        "[" + "0,".repeat(5_000) + "0]",
        "\"" + "x".repeat(BoundedCall.MAX_ANSWER) + "\""
    };

    private static final byte[][] MORE = {
        {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
        {(byte) 0xFE, (byte) 0xFF},
        {(byte) 0xFF, (byte) 0xFE},
        {0, 0, 0},
        {0},
        {'"'},
        {'\\'},
        {'{'},
        {'}'},
        {','},
        {' ', '\t', '\r', '\n'},
        {0x0B},
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xFF},
        {(byte) 0xE2, (byte) 0x80, (byte) 0xA8},
        "{}".getBytes(StandardCharsets.US_ASCII),
        "\"key_version\":7,".getBytes(StandardCharsets.US_ASCII),
        "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
    };

    /** Answers of any kind to a request for this fob; how keys and payload begin differs from answer to answer. */
    public static Arbitrary<ArbitraryKlmsAnswer> to(String fobUid) {
        return to(fobUid, anyAgreed());
    }

    /** As {@link #to(String)}, bent from these. */
    public static Arbitrary<ArbitraryKlmsAnswer> to(String fobUid, Arbitrary<AgreedAnswer> agreed) {
        Arbitrary<List<AnswerFault>> faults = faults(fobUid).list().ofMaxSize(3);
        return Combinators.combine(agreed, faults).as(ArbitraryKlmsAnswer::new);
    }

    private static Arbitrary<AgreedAnswer> anyAgreed() {
        Arbitrary<String> keys = hex(32, 32);
        return Combinators.combine(
                        Arbitraries.strings()
                                .withChars("abcXYZ019._-")
                                .ofMinLength(1)
                                .ofMaxLength(64),
                        Arbitraries.integers().between(1, 255),
                        keys,
                        keys,
                        keys,
                        hex(8, 8),
                        hex(2, 80))
                .as(AgreedAnswer::new);
    }

    private static Arbitrary<String> hex(int least, int most) {
        return Arbitraries.strings()
                .withChars(HEX)
                .ofMinLength(least)
                .ofMaxLength(most)
                .filter(digits -> digits.length() % 2 == 0);
    }

    private static Arbitrary<AnswerFault> faults(String fobUid) {
        Arbitrary<Integer> field = Arbitraries.integers().between(0, AnswerText.FIELDS - 1);
        Arbitrary<String> name = Arbitraries.of(NAMES);
        Arbitrary<String> value = values(fobUid);
        Arbitrary<Double> where =
                Arbitraries.doubles().between(0, false, 1, true).ofScale(6);
        return Arbitraries.frequencyOf(
                Tuple.of(2, field.map(AnswerFault.Missing::new)),
                Tuple.of(6, Combinators.combine(field, value).as(AnswerFault.Changed::new)),
                Tuple.of(2, Combinators.combine(field, name).as(AnswerFault.Renamed::new)),
                Tuple.of(
                        2,
                        Combinators.combine(field, Arbitraries.of(true, false), value)
                                .as(AnswerFault.Doubled::new)),
                Tuple.of(3, Combinators.combine(field, name, value).as(AnswerFault.Added::new)),
                Tuple.of(
                        1,
                        Combinators.combine(field, Arbitraries.just("\"fob_uid\""), value)
                                .as(AnswerFault.Added::new)),
                Tuple.of(2, where.map(AnswerFault.Cut::new)),
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.doubles()
                                                .between(0, true, 1, false)
                                                .ofScale(6),
                                        Arbitraries.integers().between(0, 7))
                                .as(AnswerFault.Turned::new)),
                Tuple.of(3, Combinators.combine(where, Arbitraries.of(MORE)).as(AnswerFault.Inserted::new)),
                Tuple.of(1, Arbitraries.of(charsets()).map(AnswerFault.Recoded::new)),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.integers().between(0, 600), Arbitraries.longs())
                                .as(AnswerFault.Random::new)));
    }

    private static Arbitrary<String> values(String fobUid) {
        return Arbitraries.frequencyOf(
                Tuple.of(500, Arbitraries.of(VALUES)),
                Tuple.of(1, Arbitraries.of(HUGE)),
                Tuple.of(300, hex(0, 80).map(ArbitraryKlmsAnswer::quoted)),
                Tuple.of(
                        100,
                        Arbitraries.of(fobUid, fobUid.toLowerCase(Locale.ROOT), fobUid + "00")
                                .map(ArbitraryKlmsAnswer::quoted)),
                Tuple.of(100, Arbitraries.strings().ascii().ofMaxLength(70).map(ArbitraryKlmsAnswer::quoted)));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static Charset[] charsets() {
        return new Charset[] {
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16,
            StandardCharsets.ISO_8859_1,
            Charset.forName("UTF-32"),
            Charset.forName("IBM037")
        };
    }

    /** As it comes over the connection. */
    public byte[] bytes() {
        AnswerText text = new AnswerText(agreed);
        faults.forEach(fault -> fault.bend(text));
        byte[] bytes = text.bytes();
        for (AnswerFault fault : faults) {
            bytes = fault.bend(bytes);
        }
        return bytes;
    }
}
