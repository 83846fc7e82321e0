package org.fobstation.simulator.fob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fobstation.simulator.fob.TestHost.plain;

import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** INITIALIZE UPDATE and EXTERNAL AUTHENTICATE. */
class ChannelOpeningTest {

    private static final String INITIALIZE_UPDATE = "8050010008010203040506070800";
    private static final CardKeys KEYS = CardKeys.random(new Random(1), 16);

    private final VirtualFob fob = VirtualFob.builder().keySet(0x01, KEYS).build();

    @Nested
    class WhenASessionBegins {

        @ParameterizedTest
        @CsvSource({
            "8050020008010203040506070800, 6A88",
            "8050010108010203040506070800, 6A86",
            "80500100070102030405060700, 6700",
            "805001001001020304050607080102030405060708 00, 6700"
        })
        void refusesWrongInitializeUpdates(String command, String status) {
            assertThat(plain(fob, command.replace(" ", ""))).isEqualTo(status);
            assertThat(fob.sequenceCounter(0x01)).isZero();
        }

        @Test
        void refusesAShortChallengeInS16Mode() {
            VirtualFob s16 = VirtualFob.builder().i(0x71).keySet(0x01, KEYS).build();

            assertThat(plain(s16, INITIALIZE_UPDATE)).isEqualTo("6700");
        }

        @Test
        void advancesTheCounterOfThatKeySetOnly() {
            VirtualFob two = VirtualFob.builder()
                    .keySet(0x01, KEYS)
                    .keySet(0x02, CardKeys.TEST)
                    .build();

            plain(two, INITIALIZE_UPDATE);
            plain(two, INITIALIZE_UPDATE);
            two.powerOff();

            assertThat(two.sequenceCounter(0x01)).isEqualTo(2);
            assertThat(two.sequenceCounter(0x02)).isZero();
        }

        @Test
        void refusesWhenTheCounterIsUsedUp() {
            VirtualFob used = VirtualFob.builder().keySet(0x01, KEYS, 0xFFFFFF).build();

            assertThat(plain(used, INITIALIZE_UPDATE)).isEqualTo("6985");
        }

        @Test
        void drawsAnotherRandomChallengeEachTime() {
            VirtualFob random = VirtualFob.builder()
                    .i(0x60)
                    .keySet(0x01, KEYS)
                    .random(new Random(7))
                    .build();

            String one = plain(random, INITIALIZE_UPDATE);
            String other = plain(random, INITIALIZE_UPDATE);

            assertThat(one).hasSize(2 * (29 + 2)).isNotEqualTo(other);
        }

        @Test
        void takesEachLevel() {
            for (int level : new int[] {0x00, 0x01, 0x03, 0x11, 0x13, 0x33}) {
                TestHost.open(fob, 0x01, KEYS, level);
                assertThat(fob.inSession()).isTrue();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0x02, 0x10, 0x23, 0x31, 0xFF})
        void refusesLevelsTheStandardDoesNotKnow(int level) {
            TestHost host = TestHost.begin(fob, 0x01, KEYS, level);

            assertThat(host.authenticate(SessionSecrets::hostCryptogram)).isEqualTo("6A86");
        }

        @Test
        void refusesLevelsItsIDoesNotAnnounce() {
            VirtualFob modest = VirtualFob.builder().i(0x10).keySet(0x01, KEYS).build();
            TestHost host = TestHost.begin(modest, 0x01, KEYS, 0x33);

            assertThat(host.authenticate(SessionSecrets::hostCryptogram)).isEqualTo("6A86");
        }

        @Test
        void takesLevelsItsIDoesNotAnnounceWhereSwitchedOn() {
            VirtualFob se05x = VirtualFob.builder()
                    .i(0x00)
                    .levelsBeyondI()
                    .keySet(0x01, KEYS)
                    .build();

            TestHost.open(se05x, 0x01, KEYS, 0x33);

            assertThat(se05x.inSession()).isTrue();
        }

        @Test
        void refusesAWrongHostCryptogram() {
            TestHost host = TestHost.begin(fob, 0x01, KEYS, 0x33);

            assertThat(host.authenticate(SessionSecrets::cardCryptogram)).isEqualTo("6300");
            assertThat(fob.everAuthenticated()).isFalse();
            assertThat(fob.failedAuthentications(0x01)).isEqualTo(1);
        }

        @Test
        void refusesAWrongMacOnExternalAuthenticate() {
            TestHost.begin(fob, 0x01, KEYS, 0x33);

            assertThat(plain(fob, "8482330010" + "00".repeat(16))).isEqualTo("6300");
        }

        @Test
        void refusesAsJcopDoesWhereSwitchedOn() {
            VirtualFob jcop = VirtualFob.builder()
                    .keySet(0x01, KEYS)
                    .authenticationFailureStatus(0x6982)
                    .build();
            TestHost host = TestHost.begin(jcop, 0x01, KEYS, 0x33);

            assertThat(host.authenticate(SessionSecrets::cardCryptogram)).isEqualTo("6982");
        }

        @Test
        void takesExternalAuthenticateOnlyRightAfterInitializeUpdate() {
            TestHost host = TestHost.begin(fob, 0x01, KEYS, 0x33);
            plain(fob, "80CA006600");

            assertThat(host.authenticate(SessionSecrets::hostCryptogram)).isEqualTo("6985");
        }

        @Test
        void doesNotMindTheReaderAskingForTheUidInBetween() {
            TestHost host = TestHost.begin(fob, 0x01, KEYS, 0x33);
            plain(fob, "FFCA000000");

            assertThat(host.authenticate(SessionSecrets::hostCryptogram)).isEqualTo("9000");
        }
    }

    @Nested
    class WhenAuthenticationFailsAgainAndAgain {

        private final VirtualFob strict = VirtualFob.builder()
                .keySet(0x01, KEYS)
                .keySet(0x02, CardKeys.TEST)
                .failureLimit(3)
                .build();

        @Test
        void blocksThatKeySet() {
            fail(strict, 3);

            assertThat(plain(strict, INITIALIZE_UPDATE)).isEqualTo("6983");
            TestHost.open(strict, 0x02, CardKeys.TEST);
        }

        @Test
        void staysBlockedWithoutPower() {
            fail(strict, 3);
            strict.powerOff();
            strict.powerOn();

            assertThat(plain(strict, INITIALIZE_UPDATE)).isEqualTo("6983");
        }

        @Test
        void forgetsFailuresAfterASuccess() {
            fail(strict, 2);
            TestHost.open(strict, 0x01, KEYS);

            assertThat(strict.failedAuthentications(0x01)).isZero();
        }

        @Test
        void doesNotCountStartedSessions() {
            for (int i = 0; i < 10; i++) {
                assertThat(plain(strict, INITIALIZE_UPDATE)).endsWith("9000");
            }
            assertThat(strict.failedAuthentications(0x01)).isZero();
        }

        @Test
        void countsStartedSessionsWhereSwitchedOn() {
            VirtualFob stricter = VirtualFob.builder()
                    .keySet(0x01, KEYS)
                    .failureLimit(2)
                    .startedSessionCounts()
                    .build();
            plain(stricter, INITIALIZE_UPDATE);
            plain(stricter, INITIALIZE_UPDATE);

            assertThat(plain(stricter, INITIALIZE_UPDATE)).isEqualTo("6983");
        }

        @Test
        void countsAFailureOnceWhereStartedSessionsCount() {
            VirtualFob stricter = VirtualFob.builder()
                    .keySet(0x01, KEYS)
                    .failureLimit(2)
                    .startedSessionCounts()
                    .build();
            fail(stricter, 1);

            assertThat(stricter.failedAuthentications(0x01)).isEqualTo(1);
            TestHost.open(stricter, 0x01, KEYS);
            assertThat(stricter.failedAuthentications(0x01)).isZero();
        }

        private static void fail(VirtualFob fob, int times) {
            for (int i = 0; i < times; i++) {
                TestHost.begin(fob, 0x01, KEYS, 0x33).authenticate(SessionSecrets::cardCryptogram);
            }
        }
    }
}
