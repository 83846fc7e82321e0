package org.fobstation.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Small files that somebody else may be waiting for: they appear whole, and are the owner's alone. */
final class OwnerFile {

    private OwnerFile() {}

    /** Writes under a hidden temporary name, then moves the file to its own. Replaces what was there. */
    static void write(Path file, byte[] content) throws IOException {
        write(file, out -> out.write(content));
    }

    /** Writes what a file is to hold. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** As {@link #write(Path, byte[])}, of what need not be in memory as a whole. */
    static void write(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        delete(temporary);
        try (SeekableByteChannel channel = Patience.with(() -> Files.newByteChannel(
                        temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file)));
                var out = Channels.newOutputStream(channel)) {
            content.writeTo(out);
        }
        move(temporary, file);
    }

    /** A move that happens whole or not at all. */
    static void move(Path from, Path to) throws IOException {
        Patience.with(() -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    /** @return whether there was one */
    static boolean delete(Path file) throws IOException {
        return Patience.with(() -> Files.deleteIfExists(file));
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        if (!DataFolder.isPosix(file)) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    /** @throws IOException also if the file is longer than {@code max} bytes */
    static byte[] read(Path file, int max) throws IOException {
        byte[] content = readBeginning(file, max + 1);
        if (content.length > max) {
            throw new IOException("the file is longer than " + max + " bytes");
        }
        return content;
    }

    /**
     * The first {@code max} bytes of a file, or all of a shorter one.
     *
     * @throws IOException also of a folder, or of a pipe, whose writer may never come
     */
    static byte[] readBeginning(Path file, int max) throws IOException {
        try (var in = Patience.with(() -> open(file))) {
            return in.readNBytes(max);
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException("there is something that is no file");
        }
        return Files.newInputStream(file);
    }

    /** Whether something is there that is no file: a folder, a pipe. */
    static boolean isNoFile(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }
}
