package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archive has behind a record. Records 1 and 2 are of one day, 3 and 4 of the next, 5 and 6 of the last. */
class ArchiveRecordsTest {

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void archiveThreeDays() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 6, AuditSettings.SEGMENT_BYTES);
        for (AuditRecord record : folder.records) {
            move(record, "2023-10-2" + (5 + (record.auditSeq() - 1) / 2));
        }
    }

    void move(AuditRecord record, String day) throws Exception {
        Path file = folder.data.archive().resolve(day).resolve(record.fileName());
        Files.createDirectories(file.getParent());
        if (!file.equals(folder.file(record))) {
            Files.move(folder.file(record), file);
        }
    }

    AuditRecord record(int auditSeq) {
        return folder.records.get(auditSeq - 1);
    }

    Optional<AuditRecord> after(int auditSeq) {
        String hash = auditSeq == 0 ? HashChain.START : record(auditSeq).auditHash();
        return new ArchiveRecords(folder.data.archive()).after(auditSeq, hash);
    }

    @Test
    void isNothingAfterTheLast() {
        assertThat(after(6)).isEmpty();
    }

    @Test
    void isTheNextOneOnWhateverDay() {
        for (int auditSeq = 0; auditSeq < 6; auditSeq++) {
            assertThat(after(auditSeq)).contains(record(auditSeq + 1));
        }
    }

    Path file(int auditSeq) {
        return folder.data
                .archive()
                .resolve("2023-10-2" + (5 + (auditSeq - 1) / 2))
                .resolve(record(auditSeq).fileName());
    }

    @Test
    void isTheFirstOfTheLaterOnesIfTheNextOneIsMissingOrNotWhole() throws Exception {
        Files.delete(file(4));
        assertThat(after(3)).contains(record(5));

        Files.write(file(5), new byte[0]);
        assertThat(after(3)).contains(record(6));
        assertThat(after(4)).contains(record(6));
        assertThat(after(5)).contains(record(6));
    }

    @Test
    void isAlsoOneThatDoesNotContinueTheRecord() {
        assertThat(new ArchiveRecords(folder.data.archive()).after(5, record(3).auditHash()))
                .contains(record(6));
    }

    @Test
    void isNoFileUnderTheNumberOfAnotherAndNoneThatWasEdited() throws Exception {
        Path day = file(6).getParent();
        Files.copy(file(6), day.resolve("9-trx_9.json"));
        AuditRecord edited = new AuditRecord(
                10,
                record(6).id(),
                record(6).previousHash(),
                record(5).auditHash(),
                record(6).bodyText(),
                record(6).envelope());
        Files.write(day.resolve(edited.fileName()), ArchiveFile.of(edited));
        Files.writeString(day.resolve("11-trx_11.json"), "{}");

        assertThat(after(6)).isEmpty();
    }

    @Test
    void isNotLookedForBeforeADayThatHasEarlierRecords() throws Exception {
        Path day = folder.data.archive().resolve("2023-10-24");
        Files.createDirectories(day);
        Files.move(
                folder.data.archive().resolve("2023-10-27").resolve(record(6).fileName()),
                day.resolve(record(6).fileName()));

        assertThat(after(5)).isEmpty();
    }

    @Test
    void isNothingThatLiesBesideTheDays() throws Exception {
        Files.writeString(folder.data.archive().resolve("7-trx_7.json"), "{}");
        Files.writeString(folder.data.archive().resolve("2023-10-28"), "no folder");

        assertThat(after(6)).isEmpty();
        assertThat(after(5)).contains(record(6));
    }

    @Test
    void isNothingWithoutAnArchive() {
        assertThat(new ArchiveRecords(temp.resolve("none")).after(0, HashChain.START))
                .isEmpty();
        assertThat(new ArchiveRecords(temp.resolve("none")).continuing(0, HashChain.START))
                .isEmpty();
    }
}
