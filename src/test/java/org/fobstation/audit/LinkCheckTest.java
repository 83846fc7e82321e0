package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the links between the records of one fob. */
class LinkCheckTest {

    private static final String OTHER = "04A1B2C3D4E5F6";

    @TempDir
    Path temp;

    LinkCheck links = new LinkCheck();
    AuditRecord last;

    /** Records 1 and 3 of one fob, 2 of another. */
    @BeforeEach
    void threeRecords() {
        assertThat(take(Runs.UID, Optional.empty())).isEmpty();
        assertThat(take(OTHER, Optional.empty())).isEmpty();
        assertThat(take(Runs.UID, link(1))).isEmpty();
    }

    private Optional<String> take(String fobUid, Optional<EarlierRecord> follows) {
        long auditSeq = last == null ? 1 : last.auditSeq() + 1;
        RunResult result = Runs.passed("trx_" + auditSeq, fobUid);
        last = AuditRecord.make(
                auditSeq,
                last == null ? HashChain.START : last.auditHash(),
                result,
                Runs.envelope(auditSeq, result, Runs.STATION, follows));
        return links.take(last);
    }

    private static Optional<EarlierRecord> link(long auditSeq) {
        return Optional.of(new EarlierRecord(auditSeq, "trx_" + auditSeq));
    }

    @Test
    void aLinkToTheFobsLastRecordIsRight() {
        assertThat(take(Runs.UID, link(3))).isEmpty();
        assertThat(take(OTHER, link(2))).isEmpty();
    }

    @Test
    void aRecordOfAVersionThatNotedNoLinkIsRight() {
        assertThat(take(Runs.UID, Optional.empty())).isEmpty();
    }

    @Test
    void aLinkToAnotherFobIsWrong() {
        assertThat(take(Runs.UID, link(2)))
                .contains("the record says it follows record 2 with transaction trx_2, which is none of this fob before"
                        + " it");
    }

    @Test
    void aLinkToAnotherTransactionIsWrong() {
        assertThat(take(Runs.UID, Optional.of(new EarlierRecord(3, "trx_1")))).isPresent();
    }

    @Test
    void aLinkToItselfOrToTheFutureIsWrong() {
        assertThat(take(Runs.UID, link(4))).isPresent();
        assertThat(take(Runs.UID, link(9))).isPresent();
    }

    @Test
    void aLinkThatLeavesARecordOutIsWrong() {
        assertThat(take(Runs.UID, link(1)))
                .contains("the record says it follows record 1 although record 3 of this fob stands between");
    }

    @Test
    void aLinkToARecordThatRetentionRemovedCannotBeCompared() {
        links = new LinkCheck();

        assertThat(take(OTHER, link(2))).isEmpty();
    }

    @Test
    void verifyNamesTheRecordWhoseLinkIsWrong() throws Exception {
        AuditedFolder folder = AuditedFolder.with(temp, 2, AuditSettings.SEGMENT_BYTES);
        JournalSegments segments = new JournalSegments(folder.data.journal());
        JournalReader.Tail tail = JournalLoad.whole(segments).tail();
        RunResult result = Runs.passed("trx_3");
        AuditRecord wrong = AuditRecord.make(
                3, folder.head().auditHash(), result, Runs.envelope(tail.n() + 1, result, Runs.STATION, link(1)));
        try (JournalWriter writer = JournalWriter.open(segments, DiskJournalFile::open, 1 << 20, tail)) {
            writer.append(new JournalEntry.Begin(Runs.NOW, Runs.UID, Runs.READER, new FobHistory(link(1), 0)).json());
            writer.append(new JournalEntry.Result(Runs.NOW, wrong).json());
        }
        Files.write(folder.file(wrong), ArchiveFile.of(wrong));

        AuditVerifier.Report report = AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.empty());

        assertThat(report.findings())
                .containsExactly(new AuditVerifier.Finding(
                        3, "the record says it follows record 1 although record 2 of this fob stands between"));
    }
}
