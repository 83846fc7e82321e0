package org.fobstation.station;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A copy of the shipped routes, changed as an engineer on site would. */
final class EditedRoutes {

    private static final Path SHIPPED = Path.of("routes");

    private final Path folder;

    private EditedRoutes(Path folder) {
        this.folder = folder;
    }

    static EditedRoutes copyTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(SHIPPED)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        return new EditedRoutes(folder);
    }

    Path folder() {
        return folder;
    }

    /** Puts {@code text} before the first line that contains {@code line}. */
    EditedRoutes insertBefore(String file, String line, String text) throws IOException {
        return edit(file, line, text + line);
    }

    EditedRoutes edit(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        String before = Files.readString(path);
        if (!before.contains(from)) {
            throw new IllegalArgumentException(file + " does not contain " + from);
        }
        int at = before.indexOf(from);
        Files.writeString(path, before.substring(0, at) + to + before.substring(at + from.length()));
        return this;
    }

    /** Puts a log of body, headers and properties behind every step of every route; gives the number of logs. */
    int logAfterEveryStep() throws IOException {
        int logs = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Object routes = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
                int[] counter = {0};
                Object edited = logged(routes, counter);
                Files.writeString(file, new Dump(DumpSettings.builder().build()).dumpToString(edited));
                logs += counter[0];
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return logs;
    }

    private static Object logged(Object node, int[] counter) {
        if (node instanceof List<?> list) {
            return list.stream().map(item -> logged(item, counter)).toList();
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        Map<Object, Object> edited = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            Object inner = logged(value, counter);
            edited.put(key, "steps".equals(key) ? withLogs((List<?>) inner, counter) : inner);
        });
        return edited;
    }

    private static List<Object> withLogs(List<?> steps, int[] counter) {
        List<Object> logged = new ArrayList<>();
        for (Object step : steps) {
            logged.add(step);
            logged.add(Map.of("log", Map.of("message", "STEP body=${body} headers=${headers}")));
            counter[0]++;
        }
        return logged;
    }
}
