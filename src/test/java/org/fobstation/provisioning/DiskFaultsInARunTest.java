package org.fobstation.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.JournalFile;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.fob.VirtualFob;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The N-th operation of the journal's disk fails while a fob is provisioned, for every N until a run meets no fault. */
class DiskFaultsInARunTest {

    enum Fault {
        NO_SPACE(new IOException("No space left on device"), "the disk is full"),
        IO_ERROR(new IOException("Input/output error"), "the disk fails"),
        ACCESS_DENIED(new AccessDeniedException("00000001.journal"), "the station's user may not write there");

        final IOException exception;
        final String sentence;

        Fault(IOException exception, String sentence) {
            this.exception = exception;
            this.sentence = sentence;
        }
    }

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource
    void holdsWithTheRightSentenceAndChangesTheFobNoMore(Fault fault) throws Exception {
        int number = 0;
        int changesBefore = 0;
        FailingDisk disk;
        do {
            disk = new FailingDisk(fault, ++number);
            changesBefore += provision(disk, temp.resolve(fault + "-" + number));
        } while (disk.hasFailed());

        assertThat(number).as("operations of one run").isGreaterThan(12);
        assertThat(changesBefore)
                .as("some faults come when the fob is changed already")
                .isPositive();
    }

    /** @return how many commands had changed the fob when the disk failed */
    private int provision(FailingDisk disk, Path folder) throws Exception {
        try (Bench bench = new Bench(folder, disk)) {
            VirtualFob fob = bench.fob();
            disk.watch(fob);

            RunReport report = bench.present(fob);

            if (!disk.hasFailed()) {
                assertThat(report.outcome()).isEqualTo(Outcome.PASS);
                return 0;
            }
            assertThat(report.outcome()).isEqualTo(Outcome.HOLD);
            assertThat(report.failure()).map(Failure::code).contains(FailureCode.JOURNAL_FAILED);
            assertThat(report.failure().orElseThrow().detail()).contains(disk.fault.sentence);
            assertThat(changes(fob)).as("commands that change the fob").hasSize(disk.changesAtTheFault);
            return disk.changesAtTheFault;
        } catch (JournalException notOpened) {
            assertThat(notOpened).hasMessageContaining(disk.fault.sentence);
            return 0;
        }
    }

    /** STORE DATA, SET STATUS and PUT KEY under secure messaging. */
    private static List<String> changes(VirtualFob fob) {
        return fob.received().stream()
                .filter(command -> command.matches("84(E2|F0|D8).*"))
                .toList();
    }

    /** Fails once; everything before and after works. */
    private static final class FailingDisk implements JournalFile.Opener {

        final Fault fault;
        private int left;
        private VirtualFob fob;
        private int changesAtTheFault;

        FailingDisk(Fault fault, int number) {
            this.fault = fault;
            left = number;
        }

        void watch(VirtualFob watched) {
            fob = watched;
        }

        boolean hasFailed() {
            return left <= 0;
        }

        private void operate() throws IOException {
            left--;
            if (left == 0) {
                changesAtTheFault = fob == null ? 0 : changes(fob).size();
                throw fault.exception;
            }
        }

        @Override
        public JournalFile open(Path segment) throws IOException {
            operate();
            JournalFile real = JournalFile.onDisk(segment);
            return new JournalFile() {
                @Override
                public void append(byte[] bytes) throws IOException {
                    operate();
                    real.append(bytes);
                }

                @Override
                public void force() throws IOException {
                    operate();
                    real.force();
                }

                @Override
                public void truncate(long length) throws IOException {
                    real.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }
    }
}
