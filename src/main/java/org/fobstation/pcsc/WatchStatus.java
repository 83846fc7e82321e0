package org.fobstation.pcsc;

import java.util.List;

/**
 * What the station watches at one moment.
 *
 * @param service whether the PC/SC service answers
 * @param fault what keeps the service away, empty unless it is lost
 * @param readers every configured reader, in the order they were added; all missing while the service is not up
 */
public record WatchStatus(Service service, String fault, List<ReaderStatus> readers) {

    /** Whether the PC/SC service answers. */
    public enum Service {
        /** Nothing is configured to be watched, or the monitor is not started. */
        IDLE,
        /** The monitor has not finished its first look. */
        STARTING,
        /** The monitor has looked at all readers and waits for changes. */
        UP,
        /** The service is gone; the monitor tries to reach it, for ever. */
        LOST
    }

    public WatchStatus {
        readers = List.copyOf(readers);
    }

    /** Whether the service is up and has a reader for every configured id. */
    public boolean isComplete() {
        return service == Service.UP && readers.stream().allMatch(ReaderStatus::isAttached);
    }

    /** Whether every configured reader serves fobs: there is one for each id, and none is stuck. */
    public boolean isServing() {
        return service == Service.UP && readers.stream().allMatch(ReaderStatus::isServing);
    }
}
