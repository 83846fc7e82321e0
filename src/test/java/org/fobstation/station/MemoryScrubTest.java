package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fobstation.secret.HeapScrub;
import org.junit.jupiter.api.Test;

class MemoryScrubTest {

    private final List<String> shipped = Files.readAllLines(Path.of("config/jvm.options"));

    MemoryScrubTest() throws IOException {}

    @Test
    void namesTheFlagsThatThisJvmWasNotStartedWith() {
        assertThat(MemoryScrub.missingFlags(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)))
                .contains("-XX:AlwaysTenure=true", "-XX:ZeroTLAB=true");
    }

    @Test
    void theShippedOptionsHaveAllFlagsItNeeds() {
        assertThat(HeapScrub.FLAGS).isNotEmpty().allSatisfy(flag -> assertThat(shipped)
                .containsAnyOf("-XX:" + flag, "-XX:+" + flag.replace("=true", "")));
    }

    @Test
    void theShippedOptionsTurnDumpsOff() {
        assertThat(shipped)
                .contains(
                        "-XX:-HeapDumpOnOutOfMemoryError",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:+DisableAttachMechanism",
                        "-XX:-UsePerfData");
    }
}
