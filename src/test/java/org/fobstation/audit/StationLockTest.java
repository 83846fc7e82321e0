package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StationLockTest {

    @TempDir
    Path temp;

    /** A second station: holds the lock until its input ends. */
    public static final class OtherStation {

        public static void main(String[] args) throws Exception {
            try (AuditJournal journal = new JournalFolder(Path.of(args[0]).getParent()).open()) {
                System.out.println("OPEN " + journal.backlog());
                while (System.in.read() >= 0) {
                    continue;
                }
            }
        }
    }

    @Test
    void refusesASecondStationInTheSameProcess() throws Exception {
        JournalFolder folder = new JournalFolder(temp);
        try (AuditJournal first = folder.open()) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageStartingWith("The data folder is in use")
                    .withMessageContaining(
                            "process id " + ProcessHandle.current().pid() + " works on it");
            assertThat(first.fault()).isEmpty();
        }
        folder.open().close();
    }

    @Tag("long")
    @Test
    void refusesASecondStationInAnotherProcessAndNamesTheFirst() throws Exception {
        JournalFolder folder = new JournalFolder(temp);
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherStation.class.getName(),
                        folder.journal.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            byte[] open = other.getInputStream().readNBytes("OPEN 0".length());
            assertThat(new String(open, StandardCharsets.US_ASCII)).isEqualTo("OPEN 0");

            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(folder::open)
                    .withMessageContaining("process id " + other.pid() + " works on it");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        folder.open().close();
    }
}
