package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that a power loss took, or that somebody put something else in the place of, when the station starts. */
class LostCopiesTest {

    static final long SEGMENT_BYTES = 32L << 10;

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void make() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 0, SEGMENT_BYTES);
    }

    /** Opens the journal, hands it over, and closes it. */
    interface Work {
        void with(AuditJournal journal) throws Exception;
    }

    void work(Work work) throws Exception {
        try (AuditJournal journal = folder.journal.open(SEGMENT_BYTES)) {
            work.with(journal);
        }
    }

    void start() throws Exception {
        work(journal -> AuditDelivery.of(journal, folder.data));
    }

    int segments() throws IOException {
        return folder.journal.files(".journal").size();
    }

    void loseThePower() throws IOException {
        for (Path file : folder.archived()) {
            Files.write(file, new byte[0]);
        }
    }

    AuditVerifier.Report verify() throws IOException {
        return AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(folder.head()));
    }

    @Nested
    class Lost {

        @Test
        void justAfterASegmentWasBegunAreWrittenAgain() throws Exception {
            work(journal -> {
                for (int i = 1; segments() == 1; i++) {
                    folder.add(journal, "trx_" + i);
                }
            });
            loseThePower();

            start();

            assertThat(folder.records).hasSizeGreaterThan(8);
            assertThat(verify().findings()).isEmpty();
        }

        @Test
        void ofRecordsThatWaitedForSegmentsAreWrittenAgain() throws Exception {
            work(journal -> {
                AuditRecord waiting = Runs.pass(journal, "trx_0");
                folder.records.add(waiting);
                for (int i = 1; segments() < 4; i++) {
                    folder.records.add(Runs.pass(journal, "trx_" + i));
                }
                for (AuditRecord record : folder.records) {
                    journal.settle(record.auditSeq(), new Settlement.Delivered(new Receipt(200, 1)));
                }
            });

            start();

            assertThat(verify().findings()).isEmpty();
        }

        @Test
        void ofDeadRecordsAreWrittenAgainAndOfThoseThatWaitWhenItIsTheirTurn() throws Exception {
            work(journal -> {
                journal.settle(Runs.pass(journal, "trx_1").auditSeq(), new Settlement.Dead("no", 1));
                Runs.pass(journal, "trx_2");
            });

            start();

            assertThat(folder.archived()).extracting(Path::getFileName).containsExactly(Path.of("1-trx_1.json"));
        }

        @Test
        void andSettledTwoSegmentsAgoAreOldEnoughToBeOnTheDisk() throws Exception {
            work(journal -> {
                for (int i = 1; segments() < 4; i++) {
                    folder.add(journal, "trx_" + i);
                }
            });
            Path old = folder.file(folder.records.get(0));
            Files.delete(old);

            start();

            assertThat(old).doesNotExist();
            assertThat(verify().firstBad()).contains(1L);
        }
    }

    @Test
    void areNotTriedByTheThousandOnADiskThatRefusesEachOfThem() {
        List<Integer> tried = new ArrayList<>();
        LostCopies.restore(Collections.nCopies(5_000, 1), one -> temp, one -> {
            tried.add(one);
            throw new IOException("Input/output error");
        });

        assertThat(tried).hasSize(LostCopies.FAILURES_MAX);
    }

    @Nested
    class Odd {

        AuditRecord dead;
        Path letter;
        AuditRecord archived;

        @BeforeEach
        void add() throws Exception {
            work(journal -> {
                dead = Runs.pass(journal, "trx_1");
                folder.records.add(dead);
                journal.settle(1, new Settlement.Dead("no", 1));
                folder.add(journal, "trx_2");
                archived = folder.records.get(1);
            });
            letter = folder.data.deadLetters().resolve(dead.fileName());
        }

        void startsAndWritesTheOther(Path lost) throws Exception {
            start();

            assertThat(lost).isNotEmptyFile();
        }

        @Test
        void aFolderUnderADeadLettersNameIsNamedAndMovedAwayByARepair() throws Exception {
            Files.createDirectories(letter.resolve("inside"));

            startsAndWritesTheOther(folder.file(dead));

            assertThat(letter.resolve("inside")).isDirectory();
            assertThat(verify().findings()).singleElement().satisfies(finding -> {
                assertThat(finding.auditSeq()).isEqualTo(1);
                assertThat(finding.what()).contains(letter + " is no file");
            });
            assertThat(DataRepair.repair(folder.data, "smith", Runs.CLOCK))
                    .singleElement()
                    .asString()
                    .contains(letter + " was no file");
            assertThat(letter).hasBinaryContent(ArchiveFile.of(dead, new Settlement.Dead("no", 1)));
            assertThat(folder.data.root().resolve("archive-before-repair/1-trx_1.json/inside"))
                    .isDirectory();
            assertThat(verify().findings()).isEmpty();
        }

        @Test
        void aFolderUnderAnArchiveFilesNameIsNamedAndMovedAwayByARepair() throws Exception {
            Path file = folder.file(archived);
            Files.delete(file);
            Files.createDirectories(file.resolve("inside"));

            startsAndWritesTheOther(letter);

            isNamedAndRepaired(file);
        }

        @Test
        void aFileWhereADayBelongsIsNamedAndMovedAwayByARepair() throws Exception {
            Path day = folder.file(archived).getParent();
            for (Path file : folder.archived()) {
                Files.delete(file);
            }
            Files.delete(day);
            Files.writeString(day, "somebody's");

            startsAndWritesTheOther(letter);

            assertThat(day).hasContent("somebody's");
            isNamedAndRepaired(day);
            assertThat(folder.data.root().resolve("archive-before-repair").resolve(day.getFileName()))
                    .hasContent("somebody's");
        }

        @Test
        void aFileTooLongForTheMemoryIsNotReadAndMovedAwayByARepair() throws Exception {
            Path file = folder.file(archived);
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(3L << 30);
            }

            startsAndWritesTheOther(letter);

            assertThat(file).hasSize(3L << 30);
            isNamedAndRepaired(file);
        }

        void isNamedAndRepaired(Path odd) throws Exception {
            assertThat(verify().findings())
                    .extracting(AuditVerifier.Finding::what)
                    .anySatisfy(what -> assertThat(what).contains(odd.toString()));
            DataRepair.repair(folder.data, "smith", Runs.CLOCK);
            assertThat(verify().findings()).isEmpty();
        }

        @Test
        void oneAmongManyCostsTheOthersNothing() throws Exception {
            Path odd = folder.file(archived);
            Files.delete(odd);
            Files.createDirectory(odd);
            work(journal -> {
                for (int i = 3; i <= 20; i++) {
                    folder.add(journal, "trx_" + i);
                }
            });
            Path last = folder.file(folder.records.get(19));
            Files.write(last, Arrays.copyOf(Files.readAllBytes(last), 100));

            startsAndWritesTheOther(last);

            assertThat(last).hasBinaryContent(ArchiveFile.of(folder.records.get(19)));
        }
    }
}
