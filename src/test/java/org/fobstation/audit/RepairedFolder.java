package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A data folder with eight records in segments of 4 KiB, to be damaged and repaired. */
abstract class RepairedFolder {

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 8, 4096);
    }

    List<String> repair() throws Exception {
        return DataRepair.repair(folder.data, "smith", Runs.CLOCK);
    }

    List<AuditVerifier.Finding> findings() throws Exception {
        return AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(folder.head()))
                .findings();
    }

    int last() throws Exception {
        return folder.journal.files(".journal").size();
    }

    void damage(int segment, int line) throws Exception {
        String good = folder.journal.lines(segment).get(line - 1);
        folder.journal.replaceLine(segment, line, good.replaceFirst("\"hash\":\"..", "\"hash\":\"zz"));
    }

    long numberOf(int segment, int line) throws Exception {
        byte[] bytes = folder.journal.lines(segment).get(line - 1).getBytes(StandardCharsets.UTF_8);
        return JournalLine.parse(bytes).n();
    }

    int lineOf(int segment, String containing) throws Exception {
        List<String> lines = folder.journal.lines(segment);
        for (int line = 1; line <= lines.size(); line++) {
            if (lines.get(line - 1).contains(containing)) {
                return line;
            }
        }
        throw new AssertionError("no line with " + containing);
    }

    void assertAllRecordsAreThere() throws Exception {
        try (AuditJournal journal = folder.journal.open(4096)) {
            for (AuditRecord record : folder.records) {
                assertThat(journal.record(record.auditSeq())).contains(record);
            }
            assertThat(Runs.pass(journal, "trx_next").previousHash())
                    .as("no record was made for a run that has one")
                    .isEqualTo(folder.head().auditHash());
        }
    }
}
