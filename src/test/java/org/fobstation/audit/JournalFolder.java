package org.fobstation.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A data folder on a disk that can be opened, copied as a crash would leave it, and damaged. */
final class JournalFolder {

    final Path data;
    final Path journal;

    JournalFolder(Path data) {
        this.data = data;
        this.journal = data.resolve("journal");
    }

    AuditJournal open() throws JournalException {
        return open(AuditSettings.SEGMENT_BYTES);
    }

    AuditJournal open(long segmentBytes) throws JournalException {
        return open(segmentBytes, DiskJournalFile::open, Runs.CLOCK);
    }

    AuditJournal open(JournalFile.Opener disk) throws JournalException {
        return open(AuditSettings.SEGMENT_BYTES, disk, Runs.CLOCK);
    }

    AuditJournal open(long segmentBytes, JournalFile.Opener disk, Clock clock) throws JournalException {
        AuditJournal.Limits limits = new AuditJournal.Limits(segmentBytes, AuditSettings.RETENTION);
        return AuditJournal.open(journal, Runs.STATION, clock, limits, disk);
    }

    /** Lets time pass as a station in use sees it, which begins a segment now and then. Nothing has it open. */
    void age(MovableClock clock, Duration time) throws JournalException {
        Duration step = time.dividedBy(10);
        for (int i = 1; i < 10; i++) {
            clock.pass(step);
            try (AuditJournal journal = open(1, DiskJournalFile::open, clock)) {
                journal.request(new Request("replay", List.of(), "smith", "smith"));
            }
        }
        clock.pass(time.minus(step.multipliedBy(9)));
    }

    /** Retention does its work. */
    void ageBeyondRetention() throws JournalException {
        MovableClock clock = new MovableClock();
        age(clock, AuditSettings.RETENTION.plusDays(1));
        open(4096, DiskJournalFile::open, clock).close();
    }

    /** What a disk holds when the process is killed now. */
    JournalFolder copyTo(Path target) throws IOException {
        JournalFolder copy = new JournalFolder(target);
        Files.createDirectories(copy.journal);
        for (Path file : files(".journal")) {
            Files.copy(file, copy.journal.resolve(file.getFileName()));
        }
        return copy;
    }

    List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    Path segment(int number) {
        return new JournalSegments(journal).segment(number);
    }

    List<String> lines(int segment) throws IOException {
        return Files.readAllLines(segment(segment));
    }

    void cut(int segment, long length) throws IOException {
        byte[] bytes = Files.readAllBytes(segment(segment));
        Files.write(segment(segment), Arrays.copyOf(bytes, Math.toIntExact(length)));
    }

    void replaceLine(int segment, int line, String text) throws IOException {
        List<String> lines = new ArrayList<>(lines(segment));
        lines.set(line - 1, text);
        Files.write(segment(segment), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
