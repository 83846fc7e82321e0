package org.fobstation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AES-CMAC")
class AesCmacTest {

    private static final HexFormat HEX = HexFormat.of();

    private static final byte[] MESSAGE =
            HEX.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                    + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

    private static AesCmac cmac(byte[] key) {
        try (SecretBytes secret = SecretBytes.takeFrom(key.clone())) {
            return AesCmac.of(secret);
        }
    }

    /** NIST SP 800-38B, appendix D.1 to D.3 (updated examples): the first 0, 16, 40 and 64 bytes of the message. */
    @ParameterizedTest
    @CsvSource({
        "2b7e151628aed2a6abf7158809cf4f3c, 0, bb1d6929e95937287fa37d129b756746",
        "2b7e151628aed2a6abf7158809cf4f3c, 16, 070a16b46b4d4144f79bdd9dd04a287c",
        "2b7e151628aed2a6abf7158809cf4f3c, 40, dfa66747de9ae63030ca32611497c827",
        "2b7e151628aed2a6abf7158809cf4f3c, 64, 51f0bebf7e3b9d92fc49741779363cfe",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b, 0, d17ddf46adaacde531cac483de7a9367",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b, 16, 9e99a7bf31e710900662f65e617c5184",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b, 40, 8a1de5be2eb31aad089a82e6ee908b0e",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b, 64, a1d5df0eed790f794d77589659f39a11",
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4, 0, 028962f61b7bf89efc6b551f4667d983",
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4, 16, 28a7023f452e8f82bd4bf28d8c37c35c",
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4, 40, aaf3d8f1de5640c232f5b169b9c911e6",
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4, 64, e1992190549f6ed5696a2c056c315410"
    })
    void isThatOfTheStandard(String key, int length, String mac) {
        try (AesCmac cmac = cmac(HEX.parseHex(key))) {
            assertThat(cmac.update(MESSAGE, 0, length).finish()).isEqualTo(HEX.parseHex(mac));
        }
    }

    /** Against Bouncy Castle's own CMac, at every length around the block boundaries. */
    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void agreesWithAnIndependentImplementationAtEveryLength(int keyLength) {
        Random random = new Random(keyLength);
        byte[] key = new byte[keyLength];
        random.nextBytes(key);
        CMac other = new CMac(AESEngine.newInstance());
        other.init(new KeyParameter(key));
        try (AesCmac cmac = cmac(key)) {
            for (int length = 0; length <= 100; length++) {
                byte[] message = new byte[length];
                random.nextBytes(message);
                byte[] expected = new byte[16];
                other.update(message, 0, length);
                other.doFinal(expected, 0);
                assertThat(cmac.update(message).finish()).as("%d bytes", length).isEqualTo(expected);
            }
        }
    }

    @Test
    void doesNotDependOnHowTheMessageIsCut() {
        Random random = new Random(38);
        byte[] key = HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c");
        try (AesCmac cmac = cmac(key)) {
            byte[] whole = cmac.update(MESSAGE).finish();
            for (int round = 0; round < 200; round++) {
                int at = 0;
                while (at < MESSAGE.length) {
                    int part = Math.min(random.nextInt(40), MESSAGE.length - at);
                    cmac.update(MESSAGE, at, part);
                    at += part;
                    if (at < MESSAGE.length && random.nextBoolean()) {
                        cmac.update(MESSAGE[at++]);
                    }
                }
                assertThat(cmac.finish()).isEqualTo(whole);
            }
        }
    }

    @Test
    void startsOverAfterFinish() {
        try (AesCmac cmac = cmac(new byte[16])) {
            byte[] first = cmac.update(MESSAGE, 0, 20).finish();
            assertThat(cmac.update(MESSAGE, 0, 20).finish()).isEqualTo(first);
        }
    }

    @Test
    void doesNotNeedItsKeyAfterwards() {
        byte[] key = new byte[16];
        Arrays.fill(key, (byte) 7);
        SecretBytes secret = SecretBytes.takeFrom(key.clone());
        try (AesCmac first = AesCmac.of(secret);
                AesCmac second = cmac(key)) {
            secret.close();
            assertThat(first.update(MESSAGE).finish())
                    .isEqualTo(second.update(MESSAGE).finish());
        }
    }

    /** The subkeys are worth as much as the key to whoever wants to forge a MAC. */
    @Test
    void leavesNoSubkeyNorMessageBehind() throws ReflectiveOperationException {
        AesCmac cmac = cmac(new byte[16]);
        cmac.update(MESSAGE, 0, 40);
        List<byte[]> fields = new ArrayList<>();
        for (Field field : AesCmac.class.getDeclaredFields()) {
            if (field.getType() == byte[].class) {
                field.setAccessible(true);
                fields.add((byte[]) field.get(cmac));
            }
        }
        assertThat(fields).hasSize(4).allSatisfy(bytes -> assertThat(bytes).isNotEqualTo(new byte[16]));

        cmac.close();

        assertThat(fields).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
    }

    @Test
    void throwsAfterClosing() {
        AesCmac cmac = cmac(new byte[16]);
        cmac.close();
        cmac.close();
        assertThatIllegalStateException().isThrownBy(cmac::finish);
    }
}
