package org.fobstation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records as the archive holds them, for a repair and for the look whether the archive has more than the journal. */
final class ArchiveRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveRecords.class);
    private static final int FILE_BYTES_MAX = 8 << 20;
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-.*\\.json");

    private final Path archive;
    private Map<Long, List<Path>> all;

    ArchiveRecords(Path archive) {
        this.archive = archive;
    }

    /**
     * The record that follows the given one in the chain of records, if the archive has it whole. The names of all files
     * are read once.
     *
     * @param auditHash of the record before
     */
    Optional<AuditRecord> continuing(long auditSeq, String auditHash) {
        if (all == null) {
            all = filesIn(archive, 2);
        }
        return continuing(auditSeq, auditHash, all);
    }

    /**
     * As {@link #continuing(long, String)}, for the last record of a journal: only the days are looked at that can have a
     * later one, as a rule the last.
     */
    Optional<AuditRecord> after(long auditSeq, String auditHash) {
        for (Path day : daysFromTheLast()) {
            Map<Long, List<Path>> files = filesIn(day, 1);
            Optional<AuditRecord> next = continuing(auditSeq, auditHash, files);
            if (next.isPresent() || files.keySet().stream().anyMatch(seq -> seq <= auditSeq)) {
                return next;
            }
        }
        return Optional.empty();
    }

    private static Optional<AuditRecord> continuing(long auditSeq, String auditHash, Map<Long, List<Path>> files) {
        return files.getOrDefault(auditSeq + 1, List.of()).stream()
                .flatMap(file -> read(file).stream())
                .filter(record -> record.auditSeq() == auditSeq + 1
                        && record.previousHash().equals(auditHash)
                        && record.auditHash().equals(HashChain.next(auditHash, record.body())))
                .findFirst();
    }

    private List<Path> daysFromTheLast() {
        try (Stream<Path> days = Files.list(archive)) {
            return days.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            return unreadable(archive, e, List.of());
        }
    }

    /** By the number their names begin with. */
    private static Map<Long, List<Path>> filesIn(Path folder, int depth) {
        Map<Long, List<Path>> files = new HashMap<>();
        try (Stream<Path> found = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
            found.sorted().forEach(file -> {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    files.computeIfAbsent(Long.parseLong(name.group(1)), seq -> new ArrayList<>(1))
                            .add(file);
                }
            });
            return files;
        } catch (NoSuchFileException none) {
            return files;
        } catch (IOException | UncheckedIOException e) {
            return unreadable(folder, e, files);
        }
    }

    private static <T> T unreadable(Path folder, Exception e, T instead) {
        LOG.warn("{} cannot be searched for records: {}", folder, e.toString());
        return instead;
    }

    private static Optional<AuditRecord> read(Path file) {
        try {
            return Optional.of(ArchiveFile.parse(OwnerFile.read(file, FILE_BYTES_MAX)));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is of no use: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
