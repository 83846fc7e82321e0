package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of dead letters. A file there is a ticket only: it says which record is to be replayed, and what is posted
 * is what the journal holds. Files may be copied away and back, and renamed. One that is not whole waits; one that is not what this station wrote is
 * refused: a note beside it says why, and it is left alone until it changes. Any thread may use this.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int FILE_BYTES_MAX = 8 << 20;
    private static final int NOTE_BYTES_MAX = 64 << 10;

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
    void restoreMissing() {
        LostCopies.restore(journal.dead(), dead -> file(dead.record()), this::restoreMissing);
    }

    private void restoreMissing(DeadRecord dead) throws IOException {
        Path file = file(dead.record());
        if (Files.notExists(file) || isTorn(file)) {
            OwnerFile.write(file, ArchiveFile.of(dead.record(), dead.dead()));
            LOG.warn("The dead letter {} was missing or torn and is there again", file.getFileName());
        }
    }

    private boolean isTorn(Path file) throws IOException {
        try {
            return judge(file).state() == Ticket.State.INCOMPLETE;
        } catch (JournalException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Looks at a file, whoever put it there. */
    Ticket judge(Path file) throws JournalException, IOException {
        byte[] bytes = OwnerFile.readBeginning(file, FILE_BYTES_MAX + 1);
        String content = fingerprint(bytes);
        if (bytes.length > FILE_BYTES_MAX) {
            return Ticket.foreign("it is longer than " + FILE_BYTES_MAX + " bytes", content);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (endsInZeros(bytes) || isCutOff(text)) {
            return Ticket.incomplete(content);
        }
        try {
            JsonNode node = RecordJson.MAPPER.readTree(text);
            long auditSeq = RecordJson.number(node, "audit_sequence");
            String id = RecordJson.text(node, "id");
            Optional<AuditRecord> record =
                    journal.record(auditSeq).filter(ours -> ours.id().toString().equals(id));
            return record.isEmpty()
                    ? Ticket.foreign(
                            "it is of another station or another journal: audit " + auditSeq + " with id " + id
                                    + " is not known",
                            content)
                    : judge(file, isAsWritten(bytes, record.get(), node), record.get(), content);
        } catch (JsonEOFException e) {
            return Ticket.incomplete(content);
        } catch (JsonProcessingException e) {
            return Ticket.foreign("it is not JSON: " + e.getOriginalMessage(), content);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Ticket.foreign("it is not a dead letter: " + e.getMessage(), content);
        }
    }

    private Ticket judge(Path file, boolean asWritten, AuditRecord record, String content) throws IOException {
        if (!asWritten) {
            return Ticket.of(
                    Ticket.State.EDITED,
                    record,
                    "it was changed: it is not what the station wrote for audit " + record.auditSeq()
                            + "; the journal still holds the record",
                    content);
        }
        if (file.getFileName().toString().equals(record.fileName())) {
            return Ticket.of(Ticket.State.WHOLE, record, "", content);
        }
        // A disk may not tell upper case from lower: the other name can be of the file itself.
        Path original = file(record);
        return Files.exists(original) && !Files.isSameFile(original, file)
                ? Ticket.of(Ticket.State.DUPLICATE, record, "it is a copy of " + record.fileName(), content)
                : Ticket.of(Ticket.State.RENAMED, record, "it was " + record.fileName(), content);
    }

    private static boolean isAsWritten(byte[] content, AuditRecord record) {
        try {
            return isAsWritten(content, record, RecordJson.MAPPER.readTree(content));
        } catch (IOException noJson) {
            return false;
        }
    }

    private static boolean isAsWritten(byte[] content, AuditRecord record, JsonNode node) {
        try {
            JsonNode dead = RecordJson.field(node, "dead_letter");
            Settlement.Dead reason = new Settlement.Dead(
                    RecordJson.text(dead, "reason"),
                    Math.toIntExact(RecordJson.number(dead, "attempts")),
                    RecordJson.field(dead, "refused").booleanValue());
            return Arrays.equals(content, ArchiveFile.of(record, reason));
        } catch (IllegalArgumentException | ArithmeticException fieldsMissing) {
            return false;
        }
    }

    /** Windows gives a file its whole length before its bytes; so does a disk that lost power. */
    private static boolean endsInZeros(byte[] content) {
        return content.length == 0 || content[content.length - 1] == 0;
    }

    /** The parser takes an end within true, false or null for a wrong word, not for an end. */
    private static boolean isCutOff(String text) {
        return text.startsWith("{") && !text.stripTrailing().endsWith("}");
    }

    /**
     * The file as the ticket of a record that may be replayed by it. A note beside it that speaks of an earlier content
     * goes.
     *
     * @throws DeadLetterRefused if the file is not what this station wrote
     * @throws IllegalStateException if it is to be looked at again later
     */
    Ticket ticket(Path file) throws DeadLetterRefused, JournalException {
        Ticket ticket = judgeOrWait(file);
        switch (ticket.state()) {
            case WHOLE -> LOG.debug("The dead letter {} is taken", file.getFileName());
            case RENAMED -> LOG.info("The dead letter {} is taken: {}", file.getFileName(), ticket.reason());
            case INCOMPLETE, DUPLICATE -> {
                LOG.info("The file {} waits: {}", file.getFileName(), ticket.reason());
                throw new IllegalStateException(file.getFileName() + ": " + ticket.reason());
            }
            case EDITED, FOREIGN -> throw new DeadLetterRefused(ticket);
        }
        return ticket;
    }

    /** A file that is gone again or that another program holds says nothing of its content. */
    private Ticket judgeOrWait(Path file) throws JournalException {
        try {
            Ticket ticket = judge(file);
            if (!ticket.isRefused()) {
                OwnerFile.delete(note(file));
            }
            return ticket;
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(file.getFileName() + " is gone", e);
        } catch (IOException e) {
            LOG.warn("The file {} waits: it cannot be read: {}", file.getFileName(), e.toString());
            throw new IllegalStateException(file.getFileName() + " cannot be read: " + e, e);
        }
    }

    /** The files that the replay on an interval looks at, in no order; to be closed. */
    DirectoryStream<Path> files() throws IOException {
        return Files.newDirectoryStream(folder, file -> {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".json") && !name.startsWith(".") && Files.isRegularFile(file);
        });
    }

    /** A file in the folder, by its name alone. */
    Optional<Path> named(String name) {
        Path last = Path.of(name).getFileName();
        return Optional.ofNullable(last).map(folder::resolve).filter(Files::isRegularFile);
    }

    /** Whether the file, as it is now, was refused before. */
    boolean isRefused(Path file) {
        try {
            Path note = note(file);
            return Files.exists(note)
                    && new String(OwnerFile.read(note, NOTE_BYTES_MAX), StandardCharsets.UTF_8)
                            .contains(fingerprint(file));
        } catch (IOException e) {
            LOG.debug("{} is judged anew: {}", file.getFileName(), e.toString());
            return false;
        }
    }

    /** Writes beside the file, which stays, why its content was refused. */
    void refuse(Path file, Ticket ticket) throws IOException {
        LOG.warn("The dead letter {} is refused: {}", file.getFileName(), ticket.reason());
        String note = file.getFileName() + " is refused: " + ticket.reason() + ".\n"
                + "It is left alone until it changes. SHA-256 of what was refused: " + ticket.content() + "\n";
        OwnerFile.write(note(file), note.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes a file whose record the KLMS has, if it still holds what was judged. */
    void remove(Path file, Ticket ticket) throws IOException {
        try {
            if (!fingerprint(file).equals(ticket.content())) {
                LOG.info("The file {} changed in the meantime and is looked at again", file.getFileName());
                return;
            }
            OwnerFile.delete(file);
        } catch (NoSuchFileException removedByNow) {
            LOG.debug("The file {} is gone", file.getFileName());
        }
        OwnerFile.delete(note(file));
    }

    /**
     * Removes the file of a record that is dead no longer. One that holds anything else stays. Asks nothing of the
     * journal, which would have to look a settled record up on the disk.
     */
    void remove(AuditRecord record) throws IOException {
        Path file = file(record);
        try {
            byte[] content = OwnerFile.readBeginning(file, FILE_BYTES_MAX + 1);
            if (isAsWritten(content, record)) {
                remove(file, Ticket.of(Ticket.State.WHOLE, record, "", fingerprint(content)));
            }
        } catch (NoSuchFileException removedByNow) {
            LOG.debug("The file {} is gone", file.getFileName());
        }
    }

    private static Path note(Path file) {
        return file.resolveSibling(file.getFileName() + ".refused.txt");
    }

    private static String fingerprint(Path file) throws IOException {
        return fingerprint(OwnerFile.readBeginning(file, FILE_BYTES_MAX + 1));
    }

    private static String fingerprint(byte[] content) {
        return HexFormat.of().formatHex(HashChain.sha256().digest(content));
    }
}
