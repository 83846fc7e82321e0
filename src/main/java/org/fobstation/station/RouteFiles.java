package org.fobstation.station;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The YAML files of the routes' folder as they were read at the start, in the order of their names. What was hashed and
 * checked has to be what runs: {@link #requireUnchanged()} says so when Camel has read them too.
 */
record RouteFiles(Path directory, List<RouteFile> files) {

    private static final int MOST_BYTES = 1 << 20;
    private static final String NEEDED = "provision.yaml";

    /** One of them, whole. Compared by content. */
    record RouteFile(String name, byte[] content) {

        @Override
        public boolean equals(Object other) {
            return other instanceof RouteFile file && name.equals(file.name) && Arrays.equals(content, file.content);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return name + " of " + content.length + " bytes";
        }
    }

    /** @throws StationStartException naming what is missing or cannot be read */
    static RouteFiles read(Path directory) throws StationStartException {
        if (!Files.isRegularFile(directory.resolve(NEEDED))) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    directory.resolve(NEEDED) + " is missing. Check routes.dir, or copy the shipped routes there.",
                    null);
        }
        List<RouteFile> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.yaml")) {
            for (Path file : found) {
                if (Files.size(file) > MOST_BYTES) {
                    throw new IOException(file + " has more than " + MOST_BYTES + " bytes");
                }
                files.add(new RouteFile(file.getFileName().toString(), Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    "the routes in " + directory + " cannot be read: " + e
                            + ". Check that the station's user may read them.",
                    e);
        }
        files.sort(Comparator.comparing(RouteFile::name));
        return new RouteFiles(directory, List.copyOf(files));
    }

    /** @throws StationStartException if the folder holds something else by now */
    void requireUnchanged() throws StationStartException {
        if (!read(directory).files().equals(files)) {
            throw new StationStartException(
                    StationMain.UNUSABLE,
                    "the routes in " + directory + " were changed while the station started."
                            + " Start it again when nobody writes there.",
                    null);
        }
    }
}
