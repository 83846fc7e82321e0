package org.fobstation.station;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.fobstation.audit.StationConfiguration;
import org.fobstation.station.RouteFiles.RouteFile;

/**
 * What a station runs with, as hashes that somebody else can compute too:
 *
 * <pre>
 * config_hash   SHA-256 of the lines "key = value", one for each setting in force, in the order of the keys
 * routes_hash   SHA-256 of the lines "SHA-256 of the file, two spaces, its name", in the order of the names
 * </pre>
 *
 * Lines are UTF-8 and end with a line feed. A setting under {@code site.} or {@code
 * camel.} whose name says that it is a secret counts with its name alone. What the station runs in is in neither hash; a
 * change of it is named as one of a setting is.
 */
final class ConfigurationHashes {

    private static final int PART_DIGITS = 8;

    private ConfigurationHashes() {}

    /** @param surroundings by name */
    static StationConfiguration of(Map<String, String> settings, RouteFiles routes, Map<String, String> surroundings) {
        Map<String, String> parts = new TreeMap<>();
        surroundings.forEach(
                (name, value) -> parts.put(name, sha256(bytes(value)).substring(0, PART_DIGITS)));
        StringBuilder config = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> {
            String line = line(key, value);
            config.append(line);
            parts.put(key, sha256(bytes(line)).substring(0, PART_DIGITS));
        });
        StringBuilder files = new StringBuilder();
        for (RouteFile file : routes.files()) {
            String hash = sha256(file.content());
            files.append(hash).append("  ").append(file.name()).append('\n');
            parts.put("routes/" + file.name(), hash.substring(0, PART_DIGITS));
        }
        return new StationConfiguration(
                StationVersion.text(), sha256(bytes(config.toString())), sha256(bytes(files.toString())), parts);
    }

    private static String line(String key, String value) {
        // None of the station's own settings holds one: klms.pin is the hash of a public key.
        boolean free = key.startsWith("site.") || key.startsWith("camel.");
        boolean secret = free && PlainSecret.isSecret(key);
        return key + " = " + (secret ? "" : value) + "\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
