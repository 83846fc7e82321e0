package org.fobstation.simulator.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The TCP ports somebody listens on, from {@code /proc/net}. Trying vpcd's port instead would be a fob laid on the
 * reader.
 */
final class ListeningPorts {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTEN = "0A";

    private ListeningPorts() {}

    static Set<Integer> now() throws IOException {
        Set<Integer> ports = new TreeSet<>();
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                Files.readAllLines(table).stream().skip(1).forEach(line -> add(line, ports));
            }
        }
        return ports;
    }

    /** {@code sl local_address rem_address st …}, the local address as {@code hex:hex}. */
    private static void add(String line, Set<Integer> ports) {
        String[] fields = line.trim().split("\\s+");
        if (fields[3].equals(LISTEN)) {
            ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
        }
    }
}
