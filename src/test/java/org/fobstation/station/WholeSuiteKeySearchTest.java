package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestEngine;

/**
 * Comes last and looks through what all tests before have left behind, for every key that any of them issued: whole, or
 * 8 bytes of it. What a station leaves in its folder, and what it says of itself, is searched when it is closed.
 */
@Order(Integer.MAX_VALUE)
class WholeSuiteKeySearchTest {

    private static final Path REPORTS = Path.of("target/surefire-reports");

    private static KeySearch search;

    @BeforeAll
    static void collect() {
        search = KeySearch.forAllKeys();
    }

    /** Classes are ordered within an engine only; the engines come in the order of their dependencies in the pom. */
    @Test
    void comesBehindTheTestsOfAllOtherEngines() {
        assertThat(ServiceLoader.load(TestEngine.class))
                .extracting(TestEngine::getId)
                .endsWith("junit-jupiter");
    }

    @Test
    void findsNothingInAllThatWasLoggedAtTrace() throws Exception {
        System.out.printf(
                "%d keys of the whole suite are looked for in %.1f MB of log%n",
                search.size(), Files.size(TestStation.LOG) / 1e6);
        assertThat(search.hitsIn(TestStation.LOG, 0)).isEmpty();
    }

    /** The reports hold what each class printed; those of the classes before are written by now. */
    @Test
    void findsNothingInWhatWasPrinted() {
        assumeThat(REPORTS).as("run by Surefire").isDirectory();
        assertThat(search.hitsIn(REPORTS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"threadPrint", "gcClassHistogram", "vmSystemProperties", "vmCommandLine", "vmFlags"})
    void findsNothingInWhatTheProcessTellsOfItself(String command) throws Exception {
        String told = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        assertThat(told).isNotBlank();
        assertThat(search.hitsIn(command, told)).isEmpty();
    }

    /** The search that finds nothing would find something: the log of this very suite, with 8 bytes of a key in it. */
    @Test
    void findsAPieceOfAKeyInTheLog() throws Exception {
        byte[] piece = {0x21, 0x32, 0x43, 0x54, 0x65, 0x76, (byte) 0x87, (byte) 0x98};
        byte[] key = new byte[16];
        System.arraycopy(piece, 0, key, 5, piece.length);
        org.slf4j.LoggerFactory.getLogger(WholeSuiteKeySearchTest.class).trace("planted 2132435465768798");

        KeySearch control = KeySearch.forKeys(List.of(key));

        assertThat(control.hitsIn(TestStation.LOG, 0)).containsExactly("key 1 in hex in " + TestStation.LOG);
    }
}
