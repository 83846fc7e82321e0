package org.fobstation.station;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a station runs in besides its settings and routes: whoever changes that changes what the station promises too. */
final class Surroundings {

    private static final String LOG_SETTINGS = "log4j2.configurationFile";

    private Surroundings() {}

    /** What this process runs in, by name; an option that is named as a secret is without its value. */
    static Map<String, String> ofThisProcess() throws IOException {
        return of(
                Runtime.version().toString(),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                System.getProperty(LOG_SETTINGS, ""));
    }

    static Map<String, String> of(String javaVersion, List<String> options, String logSettings) throws IOException {
        Map<String, String> surroundings = new TreeMap<>();
        surroundings.put("java version", javaVersion);
        surroundings.put(
                "java options",
                String.join(
                        "\n", options.stream().map(Surroundings::withoutSecret).toList()));
        if (logSettings.startsWith("file:")) {
            Path file = Path.of(URI.create(logSettings));
            surroundings.put("log settings", Files.isRegularFile(file) ? Files.readString(file) : "");
        }
        return surroundings;
    }

    private static String withoutSecret(String option) {
        int value = option.indexOf('=');
        return value > 0 && PlainSecret.isSecret(option.substring(0, value)) ? option.substring(0, value) : option;
    }
}
