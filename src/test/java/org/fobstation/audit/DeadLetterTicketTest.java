package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the folder of dead letters, whoever put them there. */
class DeadLetterTicketTest {

    @TempDir
    Path temp;

    AuditJournal journal;
    AuditRecord record;
    DeadLetters deadLetters;
    Path file;
    byte[] whole;

    @BeforeEach
    void makeADeadLetter() throws Exception {
        journal = new JournalFolder(temp.resolve("data")).open();
        record = Runs.pass(journal, "trx_1");
        Settlement.Dead dead = new Settlement.Dead("the KLMS answered 422", 2);
        journal.settle(1, dead);
        Path folder = Files.createDirectories(temp.resolve("dead-letter"));
        deadLetters = new DeadLetters(folder, journal);
        file = folder.resolve("1-trx_1.json");
        whole = ArchiveFile.of(record, dead);
        Files.write(file, whole);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(file.resolveSibling(name), text);
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(HashChain.sha256().digest(content));
    }

    static Ticket incomplete(byte[] content) {
        return new Ticket(Ticket.State.INCOMPLETE, Optional.empty(), "it is not complete", sha256(content));
    }

    String text() {
        return new String(whole, StandardCharsets.UTF_8);
    }

    @Nested
    class Judged {

        @Test
        void whatTheStationWroteStandsForItsRecord() throws Exception {
            Ticket ticket = deadLetters.judge(file);

            assertThat(ticket).isEqualTo(Ticket.of(Ticket.State.WHOLE, record, "", sha256(whole)));
            assertThat(deadLetters.ticket(file)).isEqualTo(ticket);
        }

        @Test
        void aRenamedFileStandsForItsRecordToo() throws Exception {
            Path renamed = Files.move(file, file.resolveSibling("from the stick.json"));

            assertThat(deadLetters.ticket(renamed))
                    .isEqualTo(Ticket.of(Ticket.State.RENAMED, record, "it was 1-trx_1.json", sha256(whole)));
        }

        @Test
        void aCopyBesideTheOriginalWaits() throws Exception {
            Path copy = Files.copy(file, file.resolveSibling("copy.json"));

            assertThat(deadLetters.judge(copy))
                    .isEqualTo(
                            Ticket.of(Ticket.State.DUPLICATE, record, "it is a copy of 1-trx_1.json", sha256(whole)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> deadLetters.ticket(copy))
                    .withMessage("copy.json: it is a copy of 1-trx_1.json");
        }

        @Test
        void anotherNameOfTheSameFileIsNoCopy() throws Exception {
            // As 1-TRX_1.JSON is on a disk that does not tell upper case from lower.
            Path same = Files.createLink(file.resolveSibling("1-TRX_1.JSON"), file);

            assertThat(deadLetters.ticket(same).state()).isEqualTo(Ticket.State.RENAMED);
        }

        @Test
        void everyBeginningOfAFileIsOneThatIsBeingCopied() throws Exception {
            for (int length = 0; length < whole.length - 2; length += 7) {
                byte[] beginning = Arrays.copyOf(whole, length);
                byte[] withZeros = Arrays.copyOf(beginning, whole.length);
                Files.write(file, beginning);
                assertThat(deadLetters.judge(file)).as("%d bytes", length).isEqualTo(incomplete(beginning));
                Files.write(file, withZeros);
                assertThat(deadLetters.judge(file))
                        .as("%d bytes and zeros", length)
                        .isEqualTo(incomplete(withZeros));
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> deadLetters.ticket(file))
                    .withMessage("1-trx_1.json: it is not complete");
        }

        @Test
        void anotherBodyOrFormIsAnEdit() throws Exception {
            for (String[] edit : new String[][] {
                {"\"overall_result\":\"SUCCESS\"", "\"overall_result\":\"FAILURE\""},
                {"\"outcome\" : \"SUCCESS\"", "\"outcome\" : \"UNKNOWN\""},
                {"\"attempts\" : 2", "\"attempts\" : 4294967298"},
                {"\"dead_letter\"", "\"dead_lettre\""},
                {"\"dead_letter\" : {", "\"dead_letter\" :  {"}
            }) {
                assertThat(text()).contains(edit[0]);
                Files.writeString(file, text().replace(edit[0], edit[1]));
                Ticket ticket = deadLetters.judge(file);
                assertThat(ticket.state()).as(edit[1]).isEqualTo(Ticket.State.EDITED);
                assertThat(ticket.record()).contains(record);
                assertThat(ticket.reason()).contains("it was changed", "audit 1", "the journal still holds the record");
            }
            assertThatExceptionOfType(DeadLetterRefused.class)
                    .isThrownBy(() -> deadLetters.ticket(file))
                    .withMessageStartingWith("it was changed");
        }

        @Test
        void aRecordOfAnotherJournalIsForeign() throws Exception {
            AuditRecord other = Runs.record(1, Runs.passed("trx_1"), Runs.STATION);
            Files.write(file, ArchiveFile.of(other, new Settlement.Dead("no", 1)));

            Ticket ticket = deadLetters.judge(file);
            assertThat(ticket.state()).isEqualTo(Ticket.State.FOREIGN);
            assertThat(ticket.record()).isEmpty();
            assertThat(ticket.reason())
                    .isEqualTo("it is of another station or another journal: audit 1 with id " + other.id()
                            + " is not known");
        }

        @Test
        void otherJsonAndOtherTextIsForeign() throws Exception {
            assertThat(deadLetters.judge(write("a.json", "not JSON")).reason()).startsWith("it is not JSON: ");
            assertThat(deadLetters.judge(write("b.json", "{\"id\":1,\"id\":2}")).reason())
                    .startsWith("it is not JSON: Duplicate");
            assertThat(deadLetters.judge(write("c.json", "{}")).reason())
                    .isEqualTo("it is not a dead letter: the field audit_sequence is missing");
            assertThat(deadLetters.judge(write("d.json", "{}")).state()).isEqualTo(Ticket.State.FOREIGN);
            assertThat(deadLetters.judge(write("e.json", "[1, 2")).state()).isEqualTo(Ticket.State.INCOMPLETE);
        }

        @Test
        void aFileAsLongAsAnyMayBeIsLookedAtAndALongerOneIsForeign() throws Exception {
            byte[] blanks = new byte[(8 << 20) + 1];
            Arrays.fill(blanks, (byte) ' ');
            System.arraycopy(whole, 0, blanks, 0, whole.length);
            Files.write(file, Arrays.copyOf(blanks, blanks.length - 1));
            assertThat(deadLetters.judge(file).state()).isEqualTo(Ticket.State.EDITED);

            Files.write(file, blanks);
            assertThat(deadLetters.judge(file).state()).isEqualTo(Ticket.State.FOREIGN);
        }

        @Test
        void whatCannotBeReadNowWaits() throws Exception {
            Path folder = Files.createDirectory(file.resolveSibling("folder.json"));

            assertThatIllegalStateException()
                    .isThrownBy(() -> deadLetters.ticket(folder))
                    .withMessageStartingWith("folder.json cannot be read: ");
        }
    }

    @Nested
    class Refused {

        @Test
        void getsANoteBesideItAndIsLeftAloneUntilItChanges() throws Exception {
            assertThat(deadLetters.isRefused(file)).isFalse();

            deadLetters.refuse(file, Ticket.foreign("it was changed", sha256(whole)));

            assertThat(file.resolveSibling("1-trx_1.json.refused.txt"))
                    .content()
                    .startsWith("1-trx_1.json is refused: it was changed.\nIt is left alone until it changes.");
            assertThat(file).hasBinaryContent(whole);
            assertThat(deadLetters.isRefused(file)).isTrue();
            Files.writeString(file, "changed again");
            assertThat(deadLetters.isRefused(file)).isFalse();
        }

        @Test
        void isJudgedAnewIfItCannotBeRead() throws Exception {
            deadLetters.refuse(file, Ticket.foreign("it was changed", sha256(whole)));
            Files.delete(file);

            assertThat(deadLetters.isRefused(file)).isFalse();
        }

        @Test
        void goesWithItsNoteWhenTheKlmsHasTheRecord() throws Exception {
            deadLetters.refuse(file, Ticket.foreign("it was changed", sha256(whole)));

            deadLetters.remove(record);

            assertThat(file.getParent()).isEmptyDirectory();
        }
    }

    @Nested
    class AtTheStart {

        @Test
        void aMissingFileIsWrittenAgain() throws Exception {
            Files.delete(file);
            deadLetters.restoreMissing();

            assertThat(file).hasBinaryContent(whole);
        }

        @Test
        void aTornFileIsWrittenAgain() throws Exception {
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            deadLetters.restoreMissing();

            assertThat(file).hasBinaryContent(whole);
        }

        @Test
        void anEditedFileStays() throws Exception {
            Files.writeString(file, text().replace("SUCCESS", "FAILURE"));
            deadLetters.restoreMissing();

            assertThat(file).content().contains("FAILURE");
        }
    }

    @Test
    void findsAFileByItsNameAlone() throws Exception {
        assertThat(deadLetters.named("1-trx_1.json")).contains(file);
        assertThat(deadLetters.named("/elsewhere/1-trx_1.json")).contains(file);
        assertThat(deadLetters.named("2-trx_2.json")).isEmpty();
        assertThat(deadLetters.named("/")).isEmpty();
        Files.createDirectory(file.resolveSibling("folder.json"));
        assertThat(deadLetters.named("folder.json")).isEmpty();
    }
}
