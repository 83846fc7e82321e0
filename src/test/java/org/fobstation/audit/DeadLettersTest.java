package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files among the dead letters that change while they are looked at. */
class DeadLettersTest {

    @TempDir
    Path temp;

    AuditJournal journal;
    DeadLetters deadLetters;
    AuditRecord record;
    Path file;
    Path note;
    byte[] whole;

    @BeforeEach
    void oneDeadLetter() throws Exception {
        DataFolder folder = new DataFolder(temp);
        journal = AuditJournal.open(AuditSettings.of(folder.root(), Runs.STATION), Runs.CLOCK);
        record = Runs.pass(journal, "trx_1");
        Settlement.Dead dead = new Settlement.Dead("no", 1, true);
        journal.settle(1, dead);
        deadLetters = new DeadLetters(folder.deadLetters(), journal);
        deadLetters.restoreMissing();
        file = deadLetters.file(record);
        note = file.resolveSibling("1-trx_1.json.refused.txt");
        whole = ArchiveFile.of(record, dead);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    DeadLetterRefused refusal() {
        return catchThrowableOfType(DeadLetterRefused.class, () -> deadLetters.ticket(file));
    }

    @Test
    void noteWhatWasRefusedAndNotWhatTheFileHoldsByThen() throws Exception {
        Files.writeString(file, "no JSON");
        DeadLetterRefused refused = refusal();
        Files.write(file, whole);
        deadLetters.refuse(file, refused.ticket());

        assertThat(deadLetters.isRefused(file)).isFalse();
        assertThat(deadLetters.ticket(file).state()).isEqualTo(Ticket.State.WHOLE);
        assertThat(note).doesNotExist();
    }

    @Test
    void areNotRefusedWhenTheyAreGone() throws Exception {
        Files.delete(file);

        assertThatIllegalStateException()
                .isThrownBy(() -> deadLetters.ticket(file))
                .withMessage("1-trx_1.json is gone");
    }

    @Test
    void loseTheirNoteWhenSomebodyBeginsToCopyThemAnew() throws Exception {
        Files.writeString(file, "no JSON");
        deadLetters.refuse(file, refusal().ticket());
        assertThat(deadLetters.isRefused(file)).isTrue();

        Files.write(file, Arrays.copyOf(whole, 30));
        assertThatIllegalStateException().isThrownBy(() -> deadLetters.ticket(file));
        assertThat(note).doesNotExist();
    }

    @Test
    void stayWhenTheyHoldSomethingElseThanWhatWasJudged() throws Exception {
        Ticket judged = deadLetters.ticket(file);
        Files.writeString(file, "somebody else's");
        deadLetters.remove(file, judged);
        assertThat(file).hasContent("somebody else's");

        deadLetters.remove(record);
        assertThat(file).hasContent("somebody else's");

        Files.write(file, whole);
        deadLetters.remove(record);
        assertThat(file).doesNotExist();
        deadLetters.remove(record);
        deadLetters.remove(file, judged);
    }

    @Test
    void areRemovedWithoutALookIntoTheJournal() throws Exception {
        journal.settle(1, new Settlement.Replayed(new Receipt(200, 2)));
        Path segment = new JournalFolder(temp).segment(1);
        Files.move(segment, segment.resolveSibling("out of reach"));

        deadLetters.remove(record);

        assertThat(file).doesNotExist();
    }

    @Test
    void areRefusedOnceIfTheyAreTooLong() throws Exception {
        Files.write(file, new byte[(8 << 20) + 1]);
        DeadLetterRefused refused = refusal();
        assertThat(refused).hasMessage("it is longer than 8388608 bytes");

        deadLetters.refuse(file, refused.ticket());
        assertThat(deadLetters.isRefused(file)).isTrue();
    }
}
