package org.fobstation.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A segment on a real disk.
 *
 * <p>Not a {@link java.nio.channels.FileChannel}: an interrupt of one reader's thread would close the channel for all of
 * them. {@link java.io.FileDescriptor#sync()} is the same call as {@code force(true)} and is not closed by interrupts.
 */
final class DiskJournalFile implements JournalFile {

    private final RandomAccessFile file;
    private final Path segment;
    private final Object identity;

    private DiskJournalFile(RandomAccessFile file, Path segment) throws IOException {
        this.file = file;
        this.segment = segment;
        identity = identity();
    }

    static JournalFile open(Path segment) throws IOException {
        boolean isNew = Files.notExists(segment);
        RandomAccessFile file = Patience.with(() -> new RandomAccessFile(segment.toFile(), "rw"));
        try {
            if (isNew) {
                file.getFD().sync();
                DataFolder.forceDirectory(segment.toAbsolutePath().getParent());
            }
            file.seek(file.length());
            return new DiskJournalFile(file, segment);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void append(byte[] bytes) throws IOException {
        file.write(bytes);
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
        // What is on a disk under no name is lost at the next start.
        if (identity != null && !identity.equals(identity())) {
            throw new NoSuchFileException(segment.toString(), null, "another file has its name");
        }
    }

    /** Null on Windows, which lets nobody delete or move a file that is open like this one. */
    private Object identity() throws IOException {
        return Files.readAttributes(segment, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void truncate(long length) throws IOException {
        file.setLength(length);
        file.seek(length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
