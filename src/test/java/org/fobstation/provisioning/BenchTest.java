package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.outcome.Stage;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What all tests on a {@link Bench} ask of a run. */
abstract class BenchTest {

    static final int SELECT = 0xA4;
    static final int GET_DATA = 0xCA;
    static final int INITIALIZE_UPDATE = 0x50;
    static final int EXTERNAL_AUTHENTICATE = 0x82;
    static final int STORE_DATA = 0xE2;
    static final int PUT_KEY = 0xD8;
    static final int SET_STATUS = 0xF0;

    @TempDir
    Path folder;

    Bench bench;

    @BeforeEach
    void openBench() throws Exception {
        bench = new Bench(folder);
    }

    @AfterEach
    void closeBench() {
        assertThat(bench.drawn).as("new keys are wiped on every path").allSatisfy(keys -> {
            assertThat(keys.enc().isClosed()).isTrue();
            assertThat(keys.mac().isClosed()).isTrue();
            assertThat(keys.dek().isClosed()).isTrue();
        });
        bench.close();
    }

    static void assertPass(RunReport report) {
        assertThat(report.failure()).as("%s", report).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.PASS);
    }

    static void assertFailure(RunReport report, FailureCode code, Stage stage) {
        assertThat(report.failure()).map(Failure::code).as("%s", report).contains(code);
        assertThat(report.failure()).map(Failure::stage).contains(stage);
        assertThat(report.stageReached()).isEqualTo(stage);
        assertThat(report.outcome()).isEqualTo(code.outcome());
    }

    static long count(VirtualFob fob, int ins) {
        return sent(fob, ins).size();
    }

    /** The commands with this INS that the fob saw. */
    static List<String> sent(VirtualFob fob, int ins) {
        String hex = String.format("%02X", ins);
        return fob.received().stream()
                .filter(command -> !command.startsWith("FF") && command.startsWith(hex, 2))
                .toList();
    }

    /** A key information object with one AES key for each KVN. */
    static String keyInformation(String... kvns) {
        StringBuilder entries = new StringBuilder();
        for (String kvn : kvns) {
            entries.append("C00401").append(kvn).append("8810");
        }
        return String.format("E0%02X%s", entries.length() / 2, entries);
    }
}
