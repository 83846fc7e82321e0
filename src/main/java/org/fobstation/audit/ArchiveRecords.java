package org.fobstation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records as the archive holds them, for a repair. */
final class ArchiveRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveRecords.class);
    private static final int FILE_BYTES_MAX = 8 << 20;

    private final Path archive;

    ArchiveRecords(Path archive) {
        this.archive = archive;
    }

    /**
     * The record that follows the given one in the chain of records, if the archive has it whole.
     *
     * @param auditHash of the record before
     */
    Optional<AuditRecord> continuing(long auditSeq, String auditHash) {
        return files(auditSeq + 1).stream()
                .flatMap(file -> read(file).stream())
                .filter(record -> record.auditSeq() == auditSeq + 1
                        && record.previousHash().equals(auditHash)
                        && record.auditHash().equals(HashChain.next(auditHash, record.body())))
                .findFirst();
    }

    private List<Path> files(long auditSeq) {
        if (!Files.isDirectory(archive)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(
                archive,
                2,
                (file, about) -> file.getFileName().toString().startsWith(auditSeq + "-"),
                FileVisitOption.FOLLOW_LINKS)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The archive cannot be searched for record {}: {}", auditSeq, e.toString());
            return List.of();
        }
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
