package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.simulator.pki.StationStores;
import org.fobstation.simulator.pki.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken configurations and routes: each stops the command {@code run} with file, line, reason and remedy. */
class BrokenStartTest {

    @TempDir
    private static Path shared;

    private static StationStores stores;
    private static Path keyStorePassword;
    private static Path trustStorePassword;

    @TempDir
    private Path folder;

    private final AtomicInteger uses = new AtomicInteger();
    private final StringWriter err = new StringWriter();
    private EditedRoutes routes;
    private List<String> settings;

    @BeforeAll
    static void makeStores() throws Exception {
        stores = TestPki.create().writeStationStores(shared);
        keyStorePassword = passwordFile(stores.keyStorePassword());
        trustStorePassword = passwordFile(stores.trustStorePassword());
    }

    /** Temporary files are their owner's alone, as the station wants it. */
    private static Path passwordFile(char[] password) throws IOException {
        return Files.writeString(Files.createTempFile(shared, "password", ".txt"), new String(password));
    }

    @BeforeEach
    void makeAStationThatIsWhole() throws Exception {
        routes = EditedRoutes.copyTo(folder.resolve("routes"));
        settings = new ArrayList<>(List.of(
                "station.id = LINE-04-PC-12",
                "data.dir = " + folder.resolve("data"),
                "routes.dir = " + routes.folder(),
                "klms.url = https://localhost:1",
                "klms.key-store = " + stores.keyStore(),
                "klms.trust-store = " + stores.trustStore(),
                "klms.key-store-password-file = " + keyStorePassword,
                "klms.trust-store-password-file = " + trustStorePassword,
                "reader.1.id = LINE_04_READER_01",
                "reader.1.name = *PICC*",
                "site.scheme = exec"));
    }

    private Path config() {
        return folder.resolve("station.properties");
    }

    private int start() throws IOException {
        Files.write(config(), settings);
        SmartCardService cards = new SmartCardService() {
            @Override
            public SmartCardContext establish() {
                uses.incrementAndGet();
                throw new AssertionError("a reader was opened");
            }

            @Override
            public String description() {
                return "cards that nobody may use";
            }
        };
        return StationMain.commandLine(() -> cards)
                .setErr(new PrintWriter(err, true))
                .execute("run", "--config", config().toString(), "--home", folder.toString());
    }

    private void assertRefused(int exit, String where, String reason, String remedy) {
        assertThat(exit).as("%s", err).isEqualTo(StationMain.UNUSABLE);
        assertThat(err.toString().lines())
                .as("a line with file and line, reason and remedy")
                .anySatisfy(line ->
                        assertThat(line).contains(where).contains(reason).contains(remedy));
        assertThat(uses).as("uses of the smart card service").hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("org.fobstation.station.BrokenSetting#cases")
    void refusesTheConfigurationWith(BrokenSetting broken) throws Exception {
        boolean added = broken.line().startsWith("!");
        String line = added ? broken.line().substring(1) : broken.line();
        String key = line.replaceFirst(" =.*", " =");
        settings.removeIf(setting -> !added && setting.startsWith(key));
        settings.add(line);

        int exit = start();

        assertRefused(exit, config() + " line " + settings.size() + ": ", broken.reason(), broken.remedy());
    }

    @ParameterizedTest
    @MethodSource("org.fobstation.station.BrokenRoute#cases")
    void refusesTheRouteWith(BrokenRoute broken) throws Exception {
        routes.edit(broken.file(), broken.from(), broken.to());
        Path file = routes.folder().resolve(broken.file());

        int exit = start();

        String where = file + " line ";
        if (broken.marker() != null) {
            String text = Files.readString(file);
            where += text.substring(0, text.indexOf(broken.marker())).split("\n", -1).length;
        }
        assertRefused(exit, where, broken.reason(), broken.remedy());
    }

    /** Without this, a fake that is never asked would prove nothing. */
    @Test
    void asksForTheReadersWhereNothingIsBroken() throws Exception {
        assertThat(start()).as("%s", err).isEqualTo(StationMain.FAILED);

        assertThat(uses).hasPositiveValue();
    }
}
