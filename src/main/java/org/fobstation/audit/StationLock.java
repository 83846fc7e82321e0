package org.fobstation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lock that keeps a second station off a data folder. Held while open; the system frees it when the process ends,
 * however it ends. The file stays: removing it would let two stations lock two files of one name.
 */
final class StationLock implements AutoCloseable {

    /** Far behind the process id: Windows lets nobody read a locked stretch. */
    private static final long LOCKED_BYTE = 1L << 40;

    private final FileChannel channel;

    private StationLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws JournalException if another station holds it; names that one's process id */
    static StationLock acquire(Path file) throws JournalException {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(channel, file);
                byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
                channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
                return new StationLock(channel);
            } catch (IOException | JournalException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException(
                    "The data folder cannot be locked",
                    file.toString(),
                    e.toString(),
                    "Check that the station's user may write there.",
                    e);
        }
    }

    private static void lock(FileChannel channel, Path file) throws IOException, JournalException {
        boolean locked;
        try {
            locked = channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            locked = false;
        }
        if (!locked) {
            throw new JournalException(
                    "The data folder is in use",
                    file.toString(),
                    "the station with process id " + holder(file) + " works on it",
                    "Stop that station, or give this one a data.dir of its own.");
        }
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the station's lock could not be given back", e);
        }
    }
}
