package org.fobstation.klms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPackageReaderTest {

    private static final String ENC = "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEF";
    private static final String MAC = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";
    private static final String DEK = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
    private static final String DATA = "F1E2D3C4B5A6";
    private static final KeyRequest REQUEST = new KeyRequest("112233445566778899AA", "LINE_04_READER_01");

    private static final String GOOD =
            """
            {"transaction_id":"trx_889900","key_version":3,
             "scp03_static_keys":{"enc":"%s","mac":"%s","dek":"%s"},
             "ford_payload":{"apdu_cla_ins_p1_p2":"80DA0100","data_hex":"%s"}}"""
                    .formatted(ENC, MAC, DEK, DATA);

    private static KeyPackage read(String answer) throws AnswerInvalidException {
        return KeyPackageReader.read(answer.getBytes(StandardCharsets.UTF_8), REQUEST, System.nanoTime());
    }

    private static String hex(SecretBytes secret) {
        byte[] bytes = new byte[secret.length()];
        secret.exposeTo(bytes, 0);
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    @Nested
    class AnAnswerAsAgreed {

        @Test
        void givesEveryField() throws AnswerInvalidException {
            try (KeyPackage keys = read(GOOD)) {
                assertThat(keys.transactionId()).isEqualTo("trx_889900");
                assertThat(keys.keyVersion()).isEqualTo(3);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).enc())).isEqualTo(ENC);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).mac())).isEqualTo(MAC);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).dek())).isEqualTo(DEK);
                assertThat(keys.payload(KlmsRig.CUSTODIAN)).hasToString("payload 80DA0100, 6 bytes");
                assertThat(hex(keys.payload(KlmsRig.CUSTODIAN).data())).isEqualTo(DATA);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {16, 24, 32})
        void mayHaveKeysOfAnyAesLength(int length) throws AnswerInvalidException {
            String key = "9C".repeat(length);
            String answer = GOOD.replace(ENC, key).replace(MAC, key).replace(DEK, key);
            try (KeyPackage keys = read(answer)) {
                assertThat(keys.staticKeys(KlmsRig.CUSTODIAN).keyLength()).isEqualTo(length);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).dek())).isEqualTo(key);
            }
        }

        @Test
        void mayHaveItsFieldsInAnyOrderAndSpacing() throws AnswerInvalidException {
            String answer =
                    """
                    \t{ "ford_payload" : {"data_hex" :   "%s","apdu_cla_ins_p1_p2":"80da0100"} ,
                      "scp03_static_keys":
                      {"dek":"%s", "enc"
                       :"%s", "mac":"%s"},"key_version":255, "transaction_id":"a.B-9_"}
                    """
                            .formatted(DATA, DEK, ENC, MAC);
            try (KeyPackage keys = read(answer)) {
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).enc())).isEqualTo(ENC);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).mac())).isEqualTo(MAC);
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).dek())).isEqualTo(DEK);
                assertThat(hex(keys.payload(KlmsRig.CUSTODIAN).data())).isEqualTo(DATA);
                assertThat(keys.keyVersion()).isEqualTo(255);
            }
        }

        @Test
        void mayHaveLowerCaseHex() throws AnswerInvalidException {
            try (KeyPackage keys = read(GOOD.replace(ENC, ENC.toLowerCase(java.util.Locale.ROOT)))) {
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).enc())).isEqualTo(ENC);
            }
        }

        @Test
        void mayHaveFieldsTheStationDoesNotKnow() throws AnswerInvalidException {
            String more = "{\"x\":[1,{\"enc\":\"\u00e9\\u0041\",\"x\":null}],\"\u00fc\":{},\"server\":\"\u4e2d\",";
            String inKeys = "{\"kcv\":\"AABBCC\",\"enc\":";
            try (KeyPackage keys = read(GOOD.replace("{\"enc\":", inKeys)
                    .replaceFirst("\\{", java.util.regex.Matcher.quoteReplacement(more)))) {
                assertThat(hex(keys.staticKeys(KlmsRig.CUSTODIAN).enc())).isEqualTo(ENC);
            }
        }

        @Test
        void mayRepeatTheFobsUidInEitherCase() throws AnswerInvalidException {
            try (KeyPackage keys = read(with("\"fob_uid\":\"112233445566778899aa\""))) {
                assertThat(keys.transactionId()).isEqualTo("trx_889900");
            }
        }

        @Test
        void mayHaveALongPayload() throws AnswerInvalidException {
            String data = "5A".repeat(100_000);
            try (KeyPackage keys = read(GOOD.replace(DATA, data))) {
                assertThat(keys.payload(KlmsRig.CUSTODIAN).data().length()).isEqualTo(100_000);
                assertThat(hex(keys.payload(KlmsRig.CUSTODIAN).data())).isEqualTo(data);
            }
        }
    }

    @Nested
    class AnAnswerThatIsNotAsAgreed {

        static Stream<Arguments> faults() {
            return Stream.of(
                    fault(
                            "transaction_id missing",
                            cut("\"transaction_id\":\"trx_889900\","),
                            "transaction_id is missing"),
                    fault("transaction_id null", put("\"trx_889900\"", "null"), "transaction_id is no string"),
                    fault("transaction_id a number", put("\"trx_889900\"", "889900"), "transaction_id is no string"),
                    fault("transaction_id empty", put("trx_889900", ""), "transaction_id is not"),
                    fault("transaction_id too long", put("trx_889900", "t".repeat(65)), "transaction_id is not"),
                    fault("transaction_id a path", put("trx_889900", "../x"), "transaction_id is not"),
                    fault("transaction_id with a newline", put("trx_889900", "trx\\n"), "transaction_id is not"),
                    fault("key_version missing", cut("\"key_version\":3,"), "key_version is missing"),
                    fault("key_version 0", put(":3,", ":0,"), "key_version is not 1 to 255"),
                    fault("key_version 256", put(":3,", ":256,"), "key_version is not 1 to 255"),
                    fault("key_version negative", put(":3,", ":-3,"), "key_version is not 1 to 255"),
                    fault("key_version huge", put(":3,", ":4294967299,"), "key_version is not 1 to 255"),
                    fault("key_version a string", put(":3,", ":\"3\","), "key_version is no whole number"),
                    fault("key_version a fraction", put(":3,", ":3.0,"), "key_version is no whole number"),
                    fault(
                            "no keys",
                            cut("\"scp03_static_keys\":{\"enc\":\"" + ENC + "\",\"mac\":\"" + MAC + "\",\"dek\":\""
                                    + DEK + "\"},"),
                            "scp03_static_keys.enc is missing"),
                    fault(
                            "keys no object",
                            put("{\"enc\"", "[{\"enc\"", DEK + "\"}", DEK + "\"}]"),
                            "scp03_static_keys is no object"),
                    fault("enc missing", put("\"enc\"", "\"enk\""), "scp03_static_keys.enc is missing"),
                    fault("mac missing", put("\"mac\"", "\"MAC\""), "scp03_static_keys.mac is missing"),
                    fault("dek missing", put("\"dek\"", "\"kek\""), "scp03_static_keys.dek is missing"),
                    fault("enc null", put("\"" + ENC + "\"", "null"), "scp03_static_keys.enc is no string"),
                    fault("enc an object", put("\"" + ENC + "\"", "{}"), "scp03_static_keys.enc is no string"),
                    fault("enc empty", put(ENC, ""), "scp03_static_keys.enc has 0 bytes instead of 16, 24 or 32"),
                    fault(
                            "enc of 15 bytes",
                            put(ENC, ENC.substring(2)),
                            "scp03_static_keys.enc has 15 bytes instead of 16, 24 or 32"),
                    fault(
                            "dek of 33 bytes",
                            put(DEK, "00".repeat(33)),
                            "scp03_static_keys.dek has 33 bytes instead of 16, 24 or 32"),
                    fault(
                            "odd digits",
                            put(MAC, MAC.substring(1)),
                            "scp03_static_keys.mac has an odd number of hex digits: 31"),
                    fault(
                            "no hex",
                            put(MAC, "X" + MAC.substring(1)),
                            "scp03_static_keys.mac has no hex digit at position 0"),
                    fault(
                            "a space in hex",
                            put(MAC, MAC.substring(2) + "  "),
                            "scp03_static_keys.mac has no hex digit at position 30"),
                    fault(
                            "an escape in hex",
                            put(DEK, DEK.substring(6) + "\\u0041"),
                            "scp03_static_keys.dek has no hex digit at position 26"),
                    fault(
                            "an escaped quote in hex",
                            put(DEK, DEK.substring(2) + "\\\""),
                            "scp03_static_keys.dek has an odd number"),
                    fault("full-width digits", put(ENC, "\uff10" + ENC.substring(1)), "scp03_static_keys.enc has"),
                    fault(
                            "lengths differ",
                            put(MAC, MAC + "0011223344556677"),
                            "scp03_static_keys differ in length: enc 16, mac 24, dek 16 bytes"),
                    fault(
                            "no payload",
                            cut(",\n \"ford_payload\":{\"apdu_cla_ins_p1_p2\":\"80DA0100\",\"data_hex\":\"" + DATA
                                    + "\"}"),
                            "ford_payload.apdu_cla_ins_p1_p2 is missing"),
                    fault(
                            "payload a string",
                            put("{\"apdu_cla_ins_p1_p2\":\"80DA0100\",\"data_hex\":\"" + DATA + "\"}", "\"80DA\""),
                            "ford_payload is no object"),
                    fault(
                            "header too short",
                            put("80DA0100", "80DA01"),
                            "ford_payload.apdu_cla_ins_p1_p2 is not 4 bytes"),
                    fault("header too long", put("80DA0100", "80DA010000"), "ford_payload.apdu_cla_ins_p1_p2 is not 4"),
                    fault(
                            "header no hex",
                            put("80DA0100", "80DA010G"),
                            "ford_payload.apdu_cla_ins_p1_p2 is not 4 bytes"),
                    fault(
                            "header signed",
                            put("80DA0100", "+0DA0100"),
                            "ford_payload.apdu_cla_ins_p1_p2 is not 4 bytes"),
                    fault("data missing", put("data_hex", "data"), "ford_payload.data_hex is missing"),
                    fault("data empty", put(DATA, ""), "ford_payload.data_hex is empty"),
                    fault("data odd", put(DATA, "F1E"), "ford_payload.data_hex has an odd number of hex digits: 3"),
                    fault("data a list", put("\"" + DATA + "\"", "[\"F1\"]"), "ford_payload.data_hex is no string"),
                    fault(
                            "key twice",
                            put("\"mac\"", "\"enc\":\"" + MAC + "\",\"mac\""),
                            "scp03_static_keys.enc appears twice"),
                    fault(
                            "keys twice",
                            put(",\n \"ford", ",\"scp03_static_keys\":{},\n \"ford"),
                            "scp03_static_keys appears twice"),
                    fault(
                            "unknown field twice",
                            put("{\"tr", "{\"x\":1,\"x\":2,\"tr"),
                            "an unknown field appears twice"),
                    fault(
                            "another fob",
                            put("{\"tr", "{\"fob_uid\":\"112233445566778899AB\",\"tr"),
                            "fob_uid is not the one that was asked for"),
                    fault("fob_uid a number", put("{\"tr", "{\"fob_uid\":1122,\"tr"), "fob_uid is no string"),
                    fault(
                            "too many fields",
                            put("{\"tr", "{\"more\":[" + "0,".repeat(4096) + "0],\"tr"),
                            "too many fields"),
                    fault("trailing garbage", good -> good + "{}", "the answer goes on after its end"),
                    fault("trailing bytes", good -> good + "x", "the answer is no JSON at byte"),
                    fault("cut short", good -> good.substring(0, good.length() - 1), "the answer is no JSON at byte"),
                    fault(
                            "cut within a key",
                            good -> good.substring(0, good.indexOf(DEK) + 20),
                            "scp03_static_keys.dek"),
                    fault("a list", good -> "[" + good + "]", "the answer is no JSON object"),
                    fault("a string", good -> "\"" + ENC + "\"", "the answer is no JSON object"),
                    fault("empty", good -> "", "the answer is no JSON object"),
                    fault("a comment", good -> "/**/" + good, "the answer is no JSON at byte"),
                    fault("a byte order mark", good -> "\ufeff" + good, "the answer is no JSON at byte"),
                    fault("single quotes", good -> good.replace('"', '\''), "the answer is no JSON at byte"),
                    fault("keys without quotes", put("\"" + ENC + "\"", ENC), "the answer is no JSON at byte"),
                    fault(
                            "too deep",
                            put("{\"tr", "{\"x\":" + "[".repeat(20) + "]".repeat(20) + ",\"tr"),
                            "nested too deep"));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("faults")
        void isRefusedByTheNameOfTheFieldWithoutItsValue(String what, String answer, String detail) {
            assertThatThrownBy(() -> read(answer))
                    .isInstanceOf(AnswerInvalidException.class)
                    .hasMessageContaining(detail)
                    .hasNoCause()
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(ENC.substring(8), MAC.substring(8)))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(DEK.substring(8), DATA, "trx_"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"C080", "EDA080", "FF", "C3", "F5808080"})
        void isRefusedIfItIsNotStrictUtf8(String bytes) {
            byte[] good = GOOD.replaceFirst("\\{", "{\"x\":\"??????????\",").getBytes(StandardCharsets.UTF_8);
            byte[] bad = HexFormat.of().parseHex(bytes);
            System.arraycopy(bad, 0, good, 6, bad.length);
            assertThatThrownBy(() -> KeyPackageReader.read(good, REQUEST, 0))
                    .isInstanceOf(AnswerInvalidException.class)
                    .hasMessage("the answer is no UTF-8 at byte 6");
        }

        @ParameterizedTest
        @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32BE"})
        void isRefusedInAnyOtherEncoding(String encoding) {
            byte[] bytes = GOOD.getBytes(java.nio.charset.Charset.forName(encoding));
            assertThatThrownBy(() -> KeyPackageReader.read(bytes, REQUEST, 0))
                    .isInstanceOf(AnswerInvalidException.class)
                    .hasMessageContaining("the answer is no JSON");
        }
    }

    /** A change made to a good answer. */
    private interface Change {
        String of(String good);
    }

    private static Arguments fault(String what, Change change, String detail) {
        String bad = change.of(GOOD);
        assertThat(bad).as(what).isNotEqualTo(GOOD);
        return Arguments.of(what, bad, detail);
    }

    private static Change put(String... pairs) {
        return good -> {
            String changed = good;
            for (int i = 0; i < pairs.length; i += 2) {
                assertThat(changed).contains(pairs[i]);
                changed = changed.replace(pairs[i], pairs[i + 1]);
            }
            return changed;
        };
    }

    private static Change cut(String part) {
        return put(part, "");
    }

    private static String with(String field) {
        return put("{\"tr", "{" + field + ",\"tr").of(GOOD);
    }
}
