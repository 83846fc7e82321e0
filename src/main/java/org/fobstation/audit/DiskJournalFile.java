package org.fobstation.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A segment on a real disk.
 *
 * <p>Not a {@link java.nio.channels.FileChannel}: an interrupt of one reader's thread would close the channel for all of
 * them. {@link java.io.FileDescriptor#sync()} is the same call as {@code force(true)} and is not closed by interrupts.
 */
final class DiskJournalFile implements JournalFile {

    private final RandomAccessFile file;

    private DiskJournalFile(RandomAccessFile file) {
        this.file = file;
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
            return new DiskJournalFile(file);
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
