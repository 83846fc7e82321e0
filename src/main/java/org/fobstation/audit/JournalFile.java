package org.fobstation.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** One segment being written. All the journal does to a disk while it appends goes through here. Used under one lock. */
public interface JournalFile extends Closeable {

    /** Writes {@code bytes} at the end. May leave a part of them there when it throws. */
    void append(byte[] bytes) throws IOException;

    /** Returns when everything appended is on the disk. */
    void force() throws IOException;

    /** Cuts the file to {@code length} bytes. */
    void truncate(long length) throws IOException;

    /** Opens a segment on the real disk. */
    static JournalFile onDisk(Path segment) throws IOException {
        return DiskJournalFile.open(segment);
    }

    /** Opens segments for appending; makes the file if there is none, and then makes its name durable. */
    @FunctionalInterface
    interface Opener {
        JournalFile open(Path segment) throws IOException;
    }
}
