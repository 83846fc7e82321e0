package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal asks of the disk, and in what order. */
class JournalFilesTest {

    @TempDir
    Path temp;

    JournalFolder folder;
    final List<String> asked = new ArrayList<>();

    @BeforeEach
    void makeFolder() {
        folder = new JournalFolder(temp.resolve("data"));
    }

    /** A disk that notes what it is asked. */
    JournalFile noting(Path segment) throws IOException {
        String name = segment.getFileName().toString().substring(7, 8);
        asked.add("open " + name);
        JournalFile real = DiskJournalFile.open(segment);
        return new JournalFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                asked.add("append " + name);
                real.append(bytes);
            }

            @Override
            public void force() throws IOException {
                asked.add("force " + name);
                real.force();
            }

            @Override
            public void truncate(long length) throws IOException {
                asked.add("truncate " + name + " to " + length);
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                asked.add("close " + name);
                real.close();
            }
        };
    }

    @Nested
    class Writing {

        @Test
        void forcesEveryLineAndClosesAtTheEnd() throws Exception {
            try (AuditJournal journal = folder.open(this::noted)) {
                journal.begin(Runs.UID, Runs.READER);
                journal.begin(Runs.UID, Runs.READER);
            }

            assertThat(asked).containsExactly("open 1", "append 1", "force 1", "append 1", "force 1", "close 1");
        }

        @Test
        void forcesTheCutBeforeAnythingIsWrittenBehindIt() throws Exception {
            folder.open().close();
            try (AuditJournal journal = folder.open()) {
                journal.begin(Runs.UID, Runs.READER);
            }
            long good = Files.size(folder.segment(1));
            Files.writeString(folder.segment(1), "{\"n\":2,", StandardOpenOption.APPEND);
            folder.open(this::noted).close();

            assertThat(asked).containsExactly("open 1", "truncate 1 to " + good, "force 1", "close 1");
            assertThat(Files.size(folder.segment(1))).isEqualTo(good);
        }

        @Test
        void forcesTheLineFeedThatWasMissingBeforeAnythingIsWrittenBehindIt() throws Exception {
            try (AuditJournal journal = folder.open()) {
                journal.begin(Runs.UID, Runs.READER);
            }
            long good = Files.size(folder.segment(1));
            folder.cut(1, good - 1);
            folder.open(this::noted).close();

            assertThat(asked)
                    .containsExactly("open 1", "truncate 1 to " + (good - 1), "append 1", "force 1", "close 1");
            assertThat(Files.size(folder.segment(1))).isEqualTo(good);
        }

        @Test
        void closesAFullSegmentWhenTheNextOneIsThere() throws Exception {
            try (AuditJournal journal = folder.open(4096, this::noted, Runs.CLOCK)) {
                while (!asked.contains("open 2")) {
                    journal.begin(Runs.UID, Runs.READER);
                }
            }

            assertThat(asked).containsSubsequence("force 1", "open 2", "close 1", "append 2", "force 2", "close 2");
        }

        @Test
        void fillsASegmentToTheLastByteAndNoFurther() throws Exception {
            try (AuditJournal journal = folder.open()) {
                journal.begin(Runs.UID, Runs.READER);
            }
            long line = Files.size(folder.segment(1));
            for (int room : new int[] {0, 1}) {
                JournalFolder other = new JournalFolder(temp.resolve("room-" + room));
                try (AuditJournal journal = other.open(2 * line - room, DiskJournalFile::open, Runs.CLOCK)) {
                    journal.begin(Runs.UID, Runs.READER);
                    journal.begin(Runs.UID, Runs.READER);
                }
                assertThat(other.lines(1)).hasSize(2 - room);
            }
        }

        @Test
        void namesEveryTearApart() throws Exception {
            try (AuditJournal journal = folder.open()) {
                journal.begin(Runs.UID, Runs.READER);
            }
            long good = Files.size(folder.segment(1));
            for (int tear = 1; tear <= 3; tear++) {
                Files.writeString(folder.segment(1), "torn " + tear, StandardOpenOption.APPEND);
                folder.open().close();
            }

            String name = "00000001.journal." + good;
            assertThat(folder.journal.resolve(name + ".torn")).hasContent("torn 1");
            assertThat(folder.journal.resolve(name + "-2.torn")).hasContent("torn 2");
            assertThat(folder.journal.resolve(name + "-3.torn")).hasContent("torn 3");
        }

        @Test
        void keepsATearOnceHoweverOftenTheStartFailsBehindIt() throws Exception {
            folder.open().close();
            Files.writeString(folder.segment(1), "torn", StandardOpenOption.APPEND);
            for (int start = 1; start <= 3; start++) {
                assertThatExceptionOfType(JournalException.class)
                        .isThrownBy(() -> folder.open(segment -> {
                            throw new IOException("no way in");
                        }));
            }

            assertThat(folder.files(".torn")).singleElement().satisfies(aside -> assertThat(aside)
                    .hasContent("torn"));
        }

        private JournalFile noted(Path segment) throws IOException {
            return noting(segment);
        }
    }

    @Nested
    class LookingUp {

        AuditJournal journal;

        @BeforeEach
        void settleTwo() throws Exception {
            journal = folder.open();
            for (int i = 1; i <= 2; i++) {
                Runs.pass(journal, "trx_" + i);
                journal.settle(i, new Settlement.Delivered(new Receipt(200, 1)));
            }
        }

        @AfterEach
        void close() {
            journal.close();
        }

        @Test
        void saysThatSomebodyChangedTheJournalMeanwhile() throws Exception {
            String text = Files.readString(folder.segment(1));
            Files.writeString(folder.segment(1), text.replace("SUCCESS", "FAILURE"));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.record(1))
                    .withMessageContaining("was changed while the station runs")
                    .withMessageContaining("00000001.journal: the hash does not fit the entry");
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.lastRun(Runs.UID))
                    .withMessageContaining("was changed while the station runs");
        }

        @Test
        void saysThatTheJournalIsGone() throws Exception {
            Files.delete(folder.segment(1));

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.record(1))
                    .withMessageContaining("The audit journal cannot be read")
                    .withMessageContaining("NoSuchFileException");
        }
    }

    @Nested
    class ProvingWhatACheckpointStoodFor {

        final List<String> damage = new CopyOnWriteArrayList<>();
        JournalSegments segments;
        final List<JournalReader.Position> ends = new ArrayList<>();

        @BeforeEach
        void fill() throws Exception {
            try (AuditJournal journal = folder.open(4096)) {
                for (int i = 1; i <= 8; i++) {
                    Runs.pass(journal, "trx_" + i);
                }
            }
            segments = new JournalSegments(folder.journal);
            JournalReader.read(segments, JournalReader.Position.START, (entry, n, place) -> {}, ends::add);
            assertThat(ends).hasSizeGreaterThan(1);
        }

        private void prove(JournalReader.Position end) {
            try (SealedProof proof = SealedProof.start(segments, end, damage::add)) {
                assertThat(proof).isNotNull();
                await().until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("journal-proof") && thread.isAlive()));
            }
        }

        @Test
        void findsNothingInSoundSegments() {
            ends.forEach(this::prove);

            assertThat(damage).isEmpty();
        }

        @Test
        void findsAnEndThatTheChainDoesNotReach() {
            JournalReader.Position end = ends.get(1);
            prove(new JournalReader.Position(end.segment(), end.n() + 1, end.hash()));
            prove(new JournalReader.Position(end.segment(), end.n(), HashChain.START));

            assertThat(damage)
                    .hasSize(2)
                    .containsOnly(segments.segment(2) + ": the chain ends elsewhere than when it was written");
        }
    }

    @Nested
    class Folders {

        @Test
        void areTheOwnersAloneIfTheStationMakesThem() throws Exception {
            DataFolder data = new DataFolder(temp.resolve("new/data"));
            data.create();

            for (Path made : List.of(data.root(), data.journal(), data.deadLetters())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                        .isEqualTo("rwx------");
            }
        }

        @Test
        void stayAsTheyAreIfSomebodyElseMadeTheRoot() throws Exception {
            Path root = Files.createDirectory(temp.resolve("given"));
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x---"));
            new DataFolder(root).create();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwxr-x---");
        }

        @Test
        void areNamedIfTheyCannotBeMade() throws Exception {
            Path file = Files.writeString(temp.resolve("data"), "a file where a folder should be");

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> AuditJournal.open(AuditSettings.of(file, Runs.STATION), Runs.CLOCK))
                    .withMessage(fileInTheWay(file));
        }

        @ParameterizedTest
        @ValueSource(strings = {"journal", "archive", "dead-letter", "requests"})
        void areNamedIfAFileStandsWhereOneBelongs(String name) throws Exception {
            Path file = Files.writeString(temp.resolve(name), "a file where a folder should be");

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> AuditJournal.open(AuditSettings.of(temp, Runs.STATION), Runs.CLOCK))
                    .withMessage(fileInTheWay(file));
        }

        String fileInTheWay(Path file) {
            return "The data folder cannot be made: " + file + ": a file stands where the folder belongs"
                    + " (java.nio.file.FileAlreadyExistsException: " + file
                    + "). Move it away: it keeps data.dir from being"
                    + " made, then start the station again.";
        }

        @Test
        void holdFilesThatAreReadUpToABoundAndNoFurther() throws Exception {
            Path file = Files.write(temp.resolve("small"), new byte[10]);

            assertThat(OwnerFile.read(file, 10)).hasSize(10);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> OwnerFile.read(file, 9))
                    .withMessage("the file is longer than 9 bytes");
        }
    }
}
