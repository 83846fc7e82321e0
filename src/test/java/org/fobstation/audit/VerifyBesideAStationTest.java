package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What verify says of a folder on which a station works at the same time. */
class VerifyBesideAStationTest {

    private static final int SEGMENT_BYTES = 4096;
    private static final int VERIFICATIONS = 50;

    @TempDir
    Path temp;

    AuditedFolder folder;

    @BeforeEach
    void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 6, SEGMENT_BYTES);
    }

    AuditVerifier.Report verify(Runnable pause) throws Exception {
        return AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.empty(), pause);
    }

    /** Fobs, one after another, 20 days apart, until it is told to stop. @return how many */
    private int work(AuditJournal journal, MovableClock clock, AtomicBoolean isOver) {
        int fobs = 0;
        while (!isOver.get()) {
            try {
                folder.add(journal, "trx_later_" + ++fobs);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            clock.pass(Duration.ofDays(20));
        }
        return fobs;
    }

    @Test
    void findsNothingWhileRecordsAreWrittenAndArchivedAndRetentionRemovesSegments() throws Exception {
        MovableClock clock = new MovableClock();
        AtomicBoolean isOver = new AtomicBoolean();
        try (AuditJournal journal = folder.journal.open(SEGMENT_BYTES, DiskJournalFile::open, clock)) {
            CompletableFuture<Integer> station = CompletableFuture.supplyAsync(() -> work(journal, clock, isOver));
            for (int i = 0; i < VERIFICATIONS || Files.exists(folder.journal.segment(3)); i++) {
                assertThat(verify(TornEnd::pause).findings())
                        .as("after %d verifications", i)
                        .isEmpty();
                assertThat(station).isNotCompletedExceptionally();
            }
            isOver.set(true);
            assertThat(station.get(30, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Nested
    class OfALineThatIsNotWhole {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 100})
        void findsNothingIfItIsBeingWritten(int missing) throws Exception {
            HalfWriter disk = new HalfWriter(missing);
            try (AuditJournal journal = folder.journal.open(SEGMENT_BYTES, disk, Runs.CLOCK)) {
                disk.stopsInTheNextLine = true;
                AtomicBoolean isOver = new AtomicBoolean();
                CompletableFuture<Integer> station =
                        CompletableFuture.supplyAsync(() -> work(journal, new MovableClock(), isOver));
                await(disk.half);
                isOver.set(true);

                assertThat(verify(disk::goOn).findings()).isEmpty();
                assertThat(station.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }

        @Test
        void findsNothingIfAStartCutsItOff() throws Exception {
            tear();

            assertThat(verify(this::startAndStop).findings()).isEmpty();
        }

        @Test
        void namesItIfNobodyGoesOn() throws Exception {
            tear();
            int[] pauses = {0};

            assertThat(verify(() -> pauses[0]++).findings()).singleElement().satisfies(finding -> assertThat(
                            finding.what())
                    .endsWith("ends in 5 bytes of a line that was torn"));
            assertThat(pauses[0]).isEqualTo(5);
        }

        @Test
        void namesItIfWhatFollowsMakesNoLineOfIt() throws Exception {
            tear();
            String other = folder.journal.lines(1).get(0).substring(5);

            assertThat(verify(() -> append(other + "\n")).findings()).hasSize(1);
        }

        private void tear() {
            append("{\"n\":");
        }

        private void append(String text) {
            try {
                Path last =
                        folder.journal.segment(folder.journal.files(".journal").size());
                Files.writeString(last, text, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void startAndStop() {
            try {
                folder.journal.open(SEGMENT_BYTES).close();
            } catch (JournalException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void missesNoFileThatIsWrittenAfterItsRecordWasCompared() throws Exception {
        AuditRecord record = folder.records.get(0);
        byte[] content = Files.readAllBytes(folder.file(record));
        ArchiveComparison archive = ArchiveComparison.of(
                folder.data.archive(), AuditRange.parse("1", "1"), new HeadProof(Optional.empty()));
        Files.delete(folder.file(record));
        for (int i = 0; i < 512; i++) {
            archive.compare(record);
        }
        folder.records.forEach(archive::compare);
        Files.write(folder.file(record), content);

        assertThat(archive.finish(new Ledger(), true)).isEmpty();
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A disk that stops in the middle of a line until it is told to go on. */
    private static final class HalfWriter implements JournalFile.Opener {

        final CountDownLatch half = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final CountDownLatch whole = new CountDownLatch(1);
        private final int missing;
        volatile boolean stopsInTheNextLine;

        /** @param missing bytes of the line that are written later */
        HalfWriter(int missing) {
            this.missing = missing;
        }

        void goOn() {
            goOn.countDown();
            await(whole);
        }

        @Override
        public JournalFile open(Path segment) throws IOException {
            JournalFile file = DiskJournalFile.open(segment);
            return new JournalFile() {
                @Override
                public void append(byte[] bytes) throws IOException {
                    if (!stopsInTheNextLine) {
                        file.append(bytes);
                        return;
                    }
                    stopsInTheNextLine = false;
                    file.append(Arrays.copyOf(bytes, bytes.length - missing));
                    half.countDown();
                    await(goOn);
                    file.append(Arrays.copyOfRange(bytes, bytes.length - missing, bytes.length));
                    whole.countDown();
                }

                @Override
                public void force() throws IOException {
                    file.force();
                }

                @Override
                public void truncate(long length) throws IOException {
                    file.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }
    }
}
