package org.fobstation.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What is set for the audit side.
 *
 * @param dataDirectory {@code data.dir}
 * @param segmentBytes a segment of the journal that would grow beyond this is followed by a new one, 4 KiB..128 MiB
 * @param maxBacklog {@code audit.max-backlog}: more records than this without delivery stop the station, at least 1
 * @param minFreeBytes {@code audit.min-free}: less room than this on the disk stops the station
 * @param retention {@code audit.retention}: segments are kept so long after their last line, at least a day
 */
public record AuditSettings(
        Path dataDirectory,
        StationIdentity station,
        long segmentBytes,
        int maxBacklog,
        long minFreeBytes,
        Duration retention) {

    public static final long SEGMENT_BYTES = 16L << 20;
    public static final int MAX_BACKLOG = 1_000;
    public static final long MIN_FREE_BYTES = 200L << 20;

    /** 24 months. */
    public static final Duration RETENTION = Duration.ofDays(731);

    /** {@code verify} takes a removal of anything younger for no station's. */
    public static final Duration RETENTION_LEAST = Duration.ofDays(1);

    /** @throws IllegalArgumentException if a number is out of its range */
    public AuditSettings {
        Objects.requireNonNull(dataDirectory);
        Objects.requireNonNull(station);
        if (segmentBytes < 4L << 10 || segmentBytes > 128L << 20) {
            throw new IllegalArgumentException(
                    "a journal segment has 4 KiB to 128 MiB, not " + segmentBytes + " bytes");
        }
        if (maxBacklog < 1) {
            throw new IllegalArgumentException("audit.max-backlog is at least 1, not " + maxBacklog);
        }
        if (minFreeBytes < 0) {
            throw new IllegalArgumentException("audit.min-free is not negative, as " + minFreeBytes + " is");
        }
        if (retention.compareTo(RETENTION_LEAST) < 0) {
            throw new IllegalArgumentException("audit.retention is at least a day, not " + retention);
        }
    }

    /** Kept for 24 months. */
    public AuditSettings(
            Path dataDirectory, StationIdentity station, long segmentBytes, int maxBacklog, long minFreeBytes) {
        this(dataDirectory, station, segmentBytes, maxBacklog, minFreeBytes, RETENTION);
    }

    /** With the defaults. */
    public static AuditSettings of(Path dataDirectory, StationIdentity station) {
        return new AuditSettings(dataDirectory, station, SEGMENT_BYTES, MAX_BACKLOG, MIN_FREE_BYTES);
    }

    public DataFolder folder() {
        return new DataFolder(dataDirectory);
    }
}
