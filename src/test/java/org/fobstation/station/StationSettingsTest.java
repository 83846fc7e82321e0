package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.klms.Pkcs12File;
import org.fobstation.klms.UidFormat;
import org.fobstation.provisioning.AttemptLimits;
import org.fobstation.provisioning.LockSettings;
import org.fobstation.provisioning.RunSettings;
import org.fobstation.provisioning.SessionSettings.ModeChoice;
import org.fobstation.scp03.Compatibility;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.station.SettingsException.Problem;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration: what is read, and how what is wrong is told. */
class StationSettingsTest {

    private static final String LEAST =
            """
            station.id = LINE-04-PC-12
            klms.url = https://klms.example:8443
            reader.1.id = LINE_04_READER_01
            reader.1.name = *PICC*
            """;

    @TempDir
    private Path home;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("KLMS_KEY_STORE_PASSWORD", "a", "KLMS_TRUST_STORE_PASSWORD", "b"));

    @Nested
    class WithTheLeastThatIsNeeded {

        @Test
        void hasTheStandardsOfTheReadme() throws Exception {
            StationSettings settings = load(LEAST);

            assertThat(settings.stationId()).isEqualTo("LINE-04-PC-12");
            assertThat(settings.dataDirectory()).isEqualTo(home.resolve("data"));
            assertThat(settings.klms().tls().keyStore()).isEqualTo(new Pkcs12File(home.resolve("config/station.p12")));
            assertThat(settings.klms().tls().protocols()).containsExactly("TLSv1.3");
            assertThat(settings.klms().uidFormat()).isEqualTo(UidFormat.RAW);
            assertThat(settings.run().session().level()).contains(SecurityLevel.LEVEL_33);
            assertThat(settings.run().keyTtl()).isEqualTo(Duration.ofSeconds(5));
            assertThat(settings.run().lock().policy()).hasToString("secured, rotate-keys");
            assertThat(settings.run().lock().rotatedKvn()).isEqualTo(0x3F);
            assertThat(settings.run().session().mode()).isEqualTo(ModeChoice.AUTO);
            assertThat(settings.run().session().compatibility()).isEqualTo(Compatibility.STANDARD);
            assertThat(settings.run().session().readData()).isTrue();
            assertThat(settings.run().payload().blockSize()).isEmpty();
            assertThat(settings.run().attempts()).isEqualTo(new AttemptLimits(3, Duration.ofSeconds(10)));
            assertThat(settings.run().payload().instructions()).containsExactlyInAnyOrder(0xE2, 0xD8, 0xDA);
            assertThat(settings.readers()).containsExactly(new ReaderSettings(1, "LINE_04_READER_01", "*PICC*", ""));
        }

        @Test
        void givesEverySettingToTheRoutesAsText() throws Exception {
            assertThat(load(LEAST).placeholders())
                    .containsEntry("audit.retries", "5")
                    .containsEntry("audit.backoff", "1000")
                    .containsEntry("klms.url", "https://klms.example:8443")
                    .containsEntry("data.dir", home.resolve("data").toString());
        }

        @Test
        void keepsThePasswordsOutOfThePlaceholders() throws Exception {
            assertThat(load(LEAST).placeholders().keySet()).noneMatch(key -> key.endsWith("password"));
        }

        @Test
        void theShippedFileHasTheSameStandards() throws Exception {
            StationSettings shipped = StationSettings.load(Path.of("config/station.properties"), environment, home);
            StationSettings least = load(LEAST);

            assertThat(shipped.placeholders().keySet())
                    .containsAll(least.placeholders().keySet());
            least.placeholders().forEach((key, value) -> {
                if (!key.startsWith("reader.")) {
                    assertThat(shipped.placeholders()).as(key).containsEntry(key, value);
                }
            });
        }
    }

    @Nested
    class WithValuesOfItsOwn {

        @Test
        void takesABackslashAsItIs() throws Exception {
            assertThat(load(LEAST + "site.printer = \\\\server\\labels\n").placeholders())
                    .containsEntry("site.printer", "\\\\server\\labels");
        }

        @Test
        void takesWhatItSaysOfCards() throws Exception {
            RunSettings run = load(LEAST
                            + """
                            scp03.level = auto
                            scp03.mode = s8
                            scp03.counter = with-data-only
                            payload.block-size = 239
                            payload.applet-aid = A00000080400010101
                            lock.policy = secured, rotate-keys, card-locked
                            lock.permanent = true
                            lock.rotated-kvn = 7f
                            lock.other-key-sets = allow
                            card.read-data = false
                            card.max-attempts = 1
                            card.attempt-pause = 0 ms
                            """)
                    .run();

            assertThat(run.session().level()).isEmpty();
            assertThat(run.session().mode()).isEqualTo(ModeChoice.S8);
            assertThat(run.session().compatibility().counterWithDataOnly()).isTrue();
            assertThat(run.session().readData()).isFalse();
            assertThat(run.payload().blockSize()).hasValue(239);
            assertThat(run.payload().appletAid()).hasSize(9);
            assertThat(run.lock().policy()).hasToString("secured, rotate-keys, card-locked");
            assertThat(run.lock().rotatedKvn()).isEqualTo(0x7F);
            assertThat(run.lock().otherKeySets()).isEqualTo(LockSettings.OtherKeySets.ALLOW);
            assertThat(run.attempts()).isEqualTo(new AttemptLimits(1, Duration.ZERO));
        }

        @Test
        void letsTheEnvironmentOverrideTheFile() throws Exception {
            environment.put("KLMS_URL", "https://other.example:9443");
            environment.put("READER_1_NAME", "*ACR1252*");

            StationSettings settings = load(LEAST);

            assertThat(settings.klms().url()).hasToString("https://other.example:9443");
            assertThat(settings.readers().get(0).name()).isEqualTo("*ACR1252*");
        }

        @Test
        void findsReadersInTheEnvironmentAlone() throws Exception {
            environment.put("READER_2_ID", "SECOND");
            environment.put("READER_2_NAME", "*ACR1281*");

            assertThat(load(LEAST).readers())
                    .extracting(ReaderSettings::id)
                    .containsExactly("LINE_04_READER_01", "SECOND");
        }

        @Test
        void putsNoSlashBetweenTheUrlAndItsPaths() throws Exception {
            StationSettings settings = load(LEAST.replace(":8443", ":8443/"));

            assertThat(settings.klms().url()).hasToString("https://klms.example:8443");
            assertThat(settings.placeholders()).containsEntry("klms.url", "https://klms.example:8443");
        }

        @Test
        void readsAFileThatWindowsMarkedAsUtf8() throws Exception {
            assertThat(load("\uFEFF" + LEAST).stationId()).isEqualTo("LINE-04-PC-12");
        }
    }

    @Nested
    class WithSomethingWrong {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "klms.ulr = x | klms.ulr is no setting",
                    "klms.key-ttl = 5 | klms.key-ttl is '5'",
                    "klms.key-ttl = 0 s | klms.key-ttl is '0 s'",
                    "scp03.level = 11 | scp03.level is refused: '11'",
                    "lock.policy = secure | lock.policy is refused: 'secure' is no step",
                    "lock.policy = card-locked, secured | card-locked comes last",
                    "lock.policy = rotate-keys, secured | rotate-keys comes last",
                    "lock.policy = rotate-keys, card-locked | write lock.permanent = true",
                    "lock.permanent = maybe | lock.permanent is 'maybe'",
                    "lock.rotated-kvn = 00 | lock.rotated-kvn is refused: '00'",
                    "lock.rotated-kvn = 80 | the KVN of new keys is 01 to 7F",
                    "lock.rotated-kvn = 63x | a KVN is two hex digits",
                    "lock.other-key-sets = maybe | lock.other-key-sets is 'maybe'",
                    "scp03.mode = s32 | scp03.mode is 's32'",
                    "scp03.counter = never | scp03.counter is 'never'",
                    "payload.block-size = 0 | has 1 to 223 bytes",
                    "payload.block-size = 224 | has 1 to 223 bytes",
                    "payload.block-size = many | has 1 to 223 bytes",
                    "payload.applet-aid = A0 | an AID has 5 to 16 bytes, not 1",
                    "card.read-data = yes | card.read-data is 'yes'",
                    "card.max-attempts = 0 | card.max-attempts is '0'",
                    "card.attempt-pause = 2 h | card.attempt-pause is '2 h'",
                    "lock.policy = raw:80F0 | is no command",
                    "lock.policy = raw:84F0800F00 | cannot be sent under secure messaging",
                    "routes.dir = a,b | routes.dir is 'a,b'",
                    "data.dir = 100% | data.dir is '100%'",
                    "data.dir = data? | data.dir is 'data?'",
                    "lock.set-status-data = both | lock.set-status-data is 'both'",
                    "card.isd-aid = A0 | an AID has 5 to 16 bytes, not 1",
                    "card.isd-aid = XY | card.isd-aid is refused",
                    "card.extended-length = yes | card.extended-length is 'yes'",
                    "payload.instructions = F0 | 'F0'; a payload may be",
                    "klms.uid-format = hex | klms.uid-format is 'hex'",
                    "klms.keys-path = keys | klms.keys-path is 'keys'",
                    "klms.tls = SSLv3 | klms.tls is refused",
                    "audit.min-free = 200 | audit.min-free is '200'",
                    "audit.retries = -1 | audit.retries is '-1'",
                    "audit.retries = many | audit.retries is 'many'",
                    "reader.2.id = LINE_04_READER_02 | reader.2.name is not set",
                    "reader.2.id = LINE_04_READER_01 | reader.2.id is the id of reader.1",
                    "reader.2.colour = red | reader.2.colour is no setting",
                    "reader.2.exclude = * | reader.2.id is not set",
                    "reader.stuck-after = 0 s | reader.stuck-after is '0 s'",
                    "just words | no setting: it has no key and =",
                    "station.id = again | station.id is set twice"
                })
        void namesFileLineReasonAndRemedy(String line, String reason) {
            SettingsException thrown = refused(LEAST + line + "\n");

            assertThat(thrown.problems()).anySatisfy(problem -> {
                assertThat(problem.what()).contains(reason);
                assertThat(problem.where()).contains("station.properties");
                assertThat(problem.remedy()).isNotBlank();
            });
        }

        @Test
        void refusesTwoReadersWithTheSamePatterns() {
            assertThat(refused(LEAST + "reader.2.id = OTHER\nreader.2.name = *picc*\n")
                            .problems())
                    .extracting(Problem::what)
                    .containsExactly("reader.2 has the patterns of reader.1 and matches the same PC/SC reader");
        }

        @Test
        void refusesAPatternThatLeavesNoReader() {
            assertThat(refused(LEAST + "reader.1.exclude = *\n").problems())
                    .extracting(Problem::what)
                    .containsExactly("reader.1 is refused: the option exclude, *, leaves no reader: name a part");
        }

        @Test
        void namesTheLine() {
            assertThat(refused(LEAST + "klms.ulr = x\n").problems())
                    .extracting(Problem::where)
                    .containsExactly(home.resolve("station.properties") + " line 5");
        }

        @Test
        void namesEveryProblemAtOnce() {
            assertThat(refused("klms.url = http://klms.example\nscp03.level = 00\n")
                            .problems())
                    .extracting(Problem::what)
                    .hasSize(4)
                    .anyMatch(what -> what.startsWith("station.id is not set"))
                    .anyMatch(what -> what.startsWith("klms.url is 'http://klms.example'"))
                    .anyMatch(what -> what.startsWith("no reader is configured"));
        }

        @Test
        void namesTheEnvironmentVariableThatIsWrong() {
            environment.put("KLMS_KEY_TTL", "soon");

            assertThat(refused(LEAST).problems())
                    .extracting(Problem::where)
                    .containsExactly("environment variable KLMS_KEY_TTL");
        }

        @Test
        void asksForAPasswordThatIsMissing() {
            environment.remove("KLMS_KEY_STORE_PASSWORD");

            assertThat(refused(LEAST).problems())
                    .extracting(Problem::where)
                    .containsExactly("environment variable KLMS_KEY_STORE_PASSWORD");
        }

        @Test
        void saysThatTheFileIsMissing() {
            assertThatThrownBy(() -> StationSettings.load(home.resolve("none.properties"), environment, home))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("none.properties: there is no such file")
                    .hasMessageContaining("--config");
        }
    }

    private SettingsException refused(String text) {
        SettingsException thrown = catchThrowableOfType(SettingsException.class, () -> load(text));
        assertThat(thrown).as("the settings are refused").isNotNull();
        return thrown;
    }

    private StationSettings load(String text) throws SettingsException, IOException {
        Path file = Files.writeString(home.resolve("station.properties"), text);
        return StationSettings.load(file, environment, home);
    }

    @Test
    void listsAreUnchangeable() throws Exception {
        List<ReaderSettings> readers = load(LEAST).readers();
        assertThatThrownBy(() -> readers.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }
}
