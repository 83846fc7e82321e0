package org.fobstation.station;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fobstation.secret.HeapScrub;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scrub as far as this JVM allows it: it needs the flags of {@code config/jvm.options}. */
final class MemoryScrub {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryScrub.class);

    private MemoryScrub() {}

    /** Starts without it, and says so, where the JVM was not started as it should. */
    static IdleScrub start() {
        List<String> missing = missingFlags(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
        Optional<HeapScrub> heap = missing.isEmpty() ? HeapScrub.ofThisJvm() : Optional.empty();
        if (heap.isEmpty()) {
            LOG.warn(
                    "Copies of keys may stay in memory: this JVM runs without {}. Start it with bin/station.sh,"
                            + " bin\\station.cmd, or java @config/jvm.options",
                    missing.isEmpty() ? "the serial collector" : String.join(", ", missing));
            return IdleScrub.start(() -> true);
        }
        return IdleScrub.start(heap.get()::run);
    }

    /** Which of the flags that the scrub needs this JVM has not, as they are to be given. */
    static List<String> missingFlags(HotSpotDiagnosticMXBean jvm) {
        List<String> missing = new ArrayList<>();
        for (String flag : HeapScrub.FLAGS) {
            String name = flag.substring(0, flag.indexOf('='));
            if (!flag.equals(name + "=" + valueOf(jvm, name))) {
                missing.add("-XX:" + flag);
            }
        }
        return missing;
    }

    private static String valueOf(HotSpotDiagnosticMXBean jvm, String name) {
        try {
            return jvm.getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            return "unknown to this JVM";
        }
    }
}
