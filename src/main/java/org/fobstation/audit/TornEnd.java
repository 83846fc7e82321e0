package org.fobstation.audit;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What stands behind the good lines of a journal: a line that was torn, or one that a running station is writing at this
 * moment. The latter is whole within the time of one write, so a few looks tell them apart.
 */
final class TornEnd {

    private static final int LOOKS = 5;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final JournalSegments segments;
    private final JournalReader.Tail tail;
    private final Runnable pause;

    /** @param pause what passes between two looks */
    TornEnd(JournalSegments segments, JournalReader.Tail tail, Runnable pause) {
        this.segments = segments;
        this.tail = tail;
        this.pause = pause;
    }

    /** Long enough for a write to end. */
    static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    /** Whether the line is still not whole when it should be, and was not cut off by a start either. */
    boolean remains() throws JournalException {
        boolean remains = !tail.isWhole();
        for (int look = 0; remains && look < LOOKS; look++) {
            pause.run();
            remains = !isOver();
        }
        return remains;
    }

    private boolean isOver() throws JournalException {
        Path segment = segments.segment(tail.segment());
        try (SeekableByteChannel channel = Patience.with(() -> Files.newByteChannel(segment))) {
            channel.position(tail.length());
            byte[] behind = Channels.newInputStream(channel).readNBytes(Math.toIntExact(SegmentLines.BYTES_MAX));
            if (!tail.isEnded()) {
                return behind.length > 0 && behind[0] == '\n';
            }
            return behind.length == 0
                    ? channel.size() == tail.length()
                    : SegmentLines.of(behind, SegmentLines.Depth.LINKS).lines().stream()
                            .findFirst()
                            .filter(line ->
                                    line.n() == tail.n() + 1 && line.prev().equals(tail.hash()))
                            .isPresent();
        } catch (IOException e) {
            throw JournalSegments.unreadable(segment, e);
        }
    }
}
