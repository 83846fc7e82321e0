package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of dead letters. A file there is a ticket only: it says which record is to be replayed, and what is posted
 * is what the journal holds. Files may be copied away and back. One that is not exactly what this station wrote is
 * refused: a note beside it says why, and it is left alone until it changes. Any thread may use this.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int FILE_BYTES_MAX = 8 << 20;

    private final Path folder;
    private final AuditJournal journal;

    DeadLetters(Path folder, AuditJournal journal) {
        this.folder = folder;
        this.journal = journal;
    }

    Path file(AuditRecord record) {
        return folder.resolve(record.fileName());
    }

    /** Writes the files of dead records that have none: the station may have stopped before its file was on the disk. */
    void restoreMissing() throws IOException {
        for (DeadRecord dead : journal.dead()) {
            Path file = file(dead.record());
            if (Files.notExists(file)) {
                OwnerFile.write(file, ArchiveFile.of(dead.record(), dead.dead()));
                LOG.warn("The dead letter {} was missing and is there again", file.getFileName());
            }
        }
    }

    /**
     * The record a file stands for.
     *
     * @throws DeadLetterRefused if the file is not what this station wrote
     */
    AuditRecord ticket(Path file) throws DeadLetterRefused, JournalException {
        try {
            byte[] content = OwnerFile.read(file, FILE_BYTES_MAX);
            JsonNode node = RecordJson.MAPPER.readTree(new String(content, StandardCharsets.UTF_8));
            JsonNode dead = RecordJson.field(node, "dead_letter");
            AuditRecord record = record(RecordJson.number(node, "audit_sequence"), RecordJson.text(node, "id"));
            Settlement.Dead reason = new Settlement.Dead(
                    RecordJson.text(dead, "reason"),
                    Math.toIntExact(RecordJson.number(dead, "attempts")),
                    RecordJson.field(dead, "refused").booleanValue());
            if (!Arrays.equals(content, ArchiveFile.of(record, reason))) {
                throw new DeadLetterRefused("it was changed: it is not what the station wrote for audit "
                        + record.auditSeq() + "; the journal still holds the record");
            }
            return record;
        } catch (JsonProcessingException e) {
            throw new DeadLetterRefused("it is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new DeadLetterRefused("it is not a dead letter: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DeadLetterRefused("it cannot be read: " + e, e);
        }
    }

    private AuditRecord record(long auditSeq, String id) throws DeadLetterRefused, JournalException {
        Optional<AuditRecord> record =
                journal.record(auditSeq).filter(ours -> ours.id().toString().equals(id));
        return record.orElseThrow(() -> new DeadLetterRefused(
                "it is of another station or another journal: audit " + auditSeq + " with id " + id + " is not known"));
    }

    /** Whether the file, as it is now, was refused before. */
    boolean isRefused(Path file) {
        try {
            Path note = note(file);
            return Files.exists(note) && Files.readString(note).contains(fingerprint(file));
        } catch (IOException e) {
            LOG.debug("{} is judged anew: {}", file.getFileName(), e.toString());
            return false;
        }
    }

    /** Writes the reason beside the file, which stays. */
    void refuse(Path file, String reason) throws IOException {
        LOG.warn("The dead letter {} is refused: {}", file.getFileName(), reason);
        String note = file.getFileName() + " is refused: " + reason + ".\n"
                + "It is left alone until it changes. SHA-256 of what was refused: " + fingerprint(file) + "\n";
        OwnerFile.write(note(file), note.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes the files of a record that is dead no longer. */
    void remove(AuditRecord record) throws IOException {
        Files.deleteIfExists(file(record));
        Files.deleteIfExists(note(file(record)));
    }

    private static Path note(Path file) {
        return file.resolveSibling(file.getFileName() + ".refused.txt");
    }

    private static String fingerprint(Path file) throws IOException {
        byte[] content = OwnerFile.read(file, FILE_BYTES_MAX);
        return HexFormat.of().formatHex(HashChain.sha256().digest(content));
    }
}
