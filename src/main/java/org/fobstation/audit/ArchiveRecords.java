package org.fobstation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records as the archive holds them, for a repair and for the look whether the archive has more than the journal. Only
 * whole files count: the station would write them so, the number in the name is the record's, and the record fits its own
 * hash. Used by one thread.
 */
final class ArchiveRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveRecords.class);
    private static final int FILE_BYTES_MAX = 8 << 20;
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-.*\\.json");

    private final Path archive;
    private final Set<Path> useless = new HashSet<>();
    private NavigableMap<Long, List<Path>> all;

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
        return continuing(auditSeq, auditHash, all());
    }

    /**
     * The record with the smallest number behind the given one, among those that are whole and wanted, whether or not it
     * continues the chain.
     *
     * @param below the first number that is not looked for
     */
    Optional<AuditRecord> beyond(long auditSeq, long below, Predicate<AuditRecord> wanted) {
        return beyond(auditSeq, below, wanted, all());
    }

    /**
     * Any record behind the last one of a journal: the one that continues it, else the one with the smallest number. Only
     * the days are looked at that can have a later one, as a rule the last.
     */
    Optional<AuditRecord> after(long auditSeq, String auditHash) {
        NavigableMap<Long, List<Path>> files = new TreeMap<>();
        for (Path day : daysFromTheLast()) {
            filesIn(day, 1).forEach((seq, ofDay) -> files.computeIfAbsent(seq, none -> new ArrayList<>(1))
                    .addAll(ofDay));
            if (!files.isEmpty() && files.firstKey() <= auditSeq) {
                break;
            }
        }
        return continuing(auditSeq, auditHash, files).or(() -> beyond(auditSeq, Long.MAX_VALUE, any -> true, files));
    }

    private NavigableMap<Long, List<Path>> all() {
        if (all == null) {
            all = filesIn(archive, 2);
        }
        return all;
    }

    private Optional<AuditRecord> continuing(long auditSeq, String auditHash, NavigableMap<Long, List<Path>> files) {
        return beyond(auditSeq, auditSeq + 2, record -> record.previousHash().equals(auditHash), files);
    }

    private Optional<AuditRecord> beyond(
            long auditSeq, long below, Predicate<AuditRecord> wanted, NavigableMap<Long, List<Path>> files) {
        if (below <= auditSeq + 1) {
            return Optional.empty();
        }
        return files.subMap(auditSeq, false, below, false).entrySet().stream()
                .flatMap(numbered ->
                        numbered.getValue().stream().flatMap(file -> whole(numbered.getKey(), file).stream()))
                .filter(wanted)
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
    private static NavigableMap<Long, List<Path>> filesIn(Path folder, int depth) {
        NavigableMap<Long, List<Path>> files = new TreeMap<>();
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

    private Optional<AuditRecord> whole(long auditSeq, Path file) {
        if (useless.contains(file)) {
            return Optional.empty();
        }
        try {
            AuditRecord record = ArchiveFile.parse(OwnerFile.read(file, FILE_BYTES_MAX));
            if (record.auditSeq() == auditSeq
                    && record.auditHash().equals(HashChain.next(record.previousHash(), record.body()))) {
                return Optional.of(record);
            }
            LOG.warn("{} is of no use: it does not fit its own name or hash", file);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is of no use: {}", file, e.toString());
        }
        useless.add(file);
        return Optional.empty();
    }
}
