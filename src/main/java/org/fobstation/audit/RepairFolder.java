package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of one repair, in the journal's folder. What was there before goes to {@code before/} and stays; what is to
 * take its place is written to {@code after/} first. The marker {@code install} is made when both are whole and on the
 * disk: from then on the repair is carried to its end, if need be by the next one.
 */
final class RepairFolder {

    private static final String PREFIX = "repair-";
    private static final String MARKER = "install";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path journal;
    private final Path folder;

    private RepairFolder(Path journal, Path folder) {
        this.journal = journal;
        this.folder = folder;
    }

    static RepairFolder create(Path journal, Instant now) throws IOException {
        RepairFolder repair = new RepairFolder(journal, journal.resolve(PREFIX + STAMP.format(now)));
        for (Path part : List.of(repair.folder, repair.before(), repair.after())) {
            DataFolder.makeOwnerOnly(part);
        }
        return repair;
    }

    /** Repairs that were ready and did not come to their end. */
    private static List<RepairFolder> cutShort(Path journal) throws IOException {
        List<RepairFolder> cutShort = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(journal, PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve(MARKER))) {
                    cutShort.add(new RepairFolder(journal, folder));
                }
            }
        }
        return cutShort;
    }

    static void requireNoneCutShort(Path journal) throws IOException, JournalException {
        if (!cutShort(journal).isEmpty()) {
            throw new JournalException(
                    "The audit journal is being repaired",
                    journal.toString(),
                    "a repair was cut short",
                    "Run it again: station repair.");
        }
    }

    static void finishCutShort(Path journal) throws IOException {
        for (RepairFolder repair : cutShort(journal)) {
            repair.install();
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    Path before() {
        return folder.resolve("before");
    }

    Path after() {
        return folder.resolve("after");
    }

    /** Keeps a copy of a file as it is. */
    void keep(Path file) throws IOException {
        write(before().resolve(file.getFileName()), Patience.with(() -> Files.readAllBytes(file)));
    }

    static void write(Path file, byte[] content) throws IOException {
        Patience.with(() -> Files.write(
                file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC));
    }

    /** Puts everything in {@code after/} in its place. */
    void install() throws IOException {
        Path marker = folder.resolve(MARKER);
        if (Files.notExists(marker)) {
            DataFolder.forceDirectory(before());
            DataFolder.forceDirectory(after());
            write(marker, new byte[0]);
            DataFolder.forceDirectory(folder);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(after())) {
            for (Path file : files) {
                OwnerFile.move(file, journal.resolve(file.getFileName()));
            }
        }
        DataFolder.forceDirectory(journal);
        OwnerFile.delete(marker);
    }
}
