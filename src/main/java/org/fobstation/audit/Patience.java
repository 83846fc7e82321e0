package org.fobstation.audit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * File operations that another program may be in the way of for a moment. On Windows a virus scanner, an indexer or a
 * backup that has a file open lets it be neither opened, moved nor deleted; a few tries later it is gone. Every operation
 * of the data folder that opens, moves or deletes a file by its name goes through here.
 */
final class Patience {

    static final int TRIES = 10;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Patience() {}

    @FunctionalInterface
    interface Operation<T> {
        T run() throws IOException;
    }

    /**
     * Does it, again after a pause while the file may be held, at most {@value #TRIES} times in all.
     *
     * @param operation may be begun anew after it failed
     * @throws IOException of the last try, or one that says that no further try will help
     */
    static <T> T with(Operation<T> operation) throws IOException {
        for (int left = TRIES - 1; ; left--) {
            try {
                return operation.run();
            } catch (IOException e) {
                if (left == 0 || !mayBeHeld(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Java has no type for a sharing violation (ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION), and Windows says it in the
     * language of its user. What has a type of its own, such as NoSuchFileException, is none.
     */
    private static boolean mayBeHeld(IOException e) {
        return e instanceof AccessDeniedException
                || e.getClass() == FileSystemException.class
                || e instanceof FileNotFoundException;
    }
}
