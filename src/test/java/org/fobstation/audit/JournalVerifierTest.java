package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalVerifierTest {

    @TempDir
    Path temp;

    @Test
    void provesAJournalThatIsInUseAndLeavesItAlone() throws Exception {
        JournalFolder folder = new JournalFolder(temp);
        try (AuditJournal journal = folder.open()) {
            AuditRecord record = Runs.pass(journal, "trx_1");
            Files.writeString(folder.segment(1), "{\"n\":6", StandardOpenOption.APPEND);
            byte[] before = Files.readAllBytes(folder.segment(1));

            JournalVerifier.Sound sound = JournalVerifier.verify(folder.journal);

            assertThat(sound.entries()).isEqualTo(5);
            assertThat(sound.records()).isEqualTo(1);
            assertThat(sound.lastAuditHash()).isEqualTo(record.auditHash());
            assertThat(sound.backlog()).isEqualTo(1);
            assertThat(sound.tornBytes()).isEqualTo(6);
            assertThat(Files.readAllBytes(folder.segment(1))).isEqualTo(before);
        }
    }

    @Test
    void namesTheDamage() throws Exception {
        JournalFolder folder = new JournalFolder(temp);
        try (AuditJournal journal = folder.open()) {
            Runs.pass(journal, "trx_1");
        }
        folder.replaceLine(1, 2, folder.lines(1).get(2));

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> JournalVerifier.verify(folder.journal))
                .withMessageContaining("00000001.journal, line 2: the line has number 3, expected 2");
    }
}
