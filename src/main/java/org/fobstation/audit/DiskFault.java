package org.fobstation.audit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/**
 * What a failed file operation says of the disk. Java has no type for most of it: the system's words are told apart,
 * those of Linux and of Windows.
 *
 * @param sentence what is wrong, one sentence without a full stop
 * @param remedy what to do about it
 */
record DiskFault(String sentence, String remedy) {

    static final String FILE_FOR_FOLDER = "a file stands where the folder belongs";
    private static final String THEN = ", then start the station again.";

    static DiskFault of(Throwable cause) {
        String words = (cause.getMessage() == null ? "" : cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof FileSystemException fileSystem && fileSystem.getReason() != null) {
            words = fileSystem.getReason().toLowerCase(Locale.ROOT);
        }
        if (cause instanceof FileNotFoundException) {
            // "path (what the system says)": a path may hold any words.
            words = words.substring(words.lastIndexOf('(') + 1);
        }
        if (cause instanceof FileAlreadyExistsException) {
            return new DiskFault(FILE_FOR_FOLDER, "Move it away: it keeps data.dir from being made" + THEN);
        }
        if (hasAny(words, "no space left", "not enough space", "disk is full", "quota exceeded", "disk quota")) {
            return new DiskFault("the disk is full", "Make room on the disk of data.dir" + THEN);
        }
        if (cause instanceof ReadOnlyFileSystemException || hasAny(words, "read-only", "write-protected")) {
            return new DiskFault("the disk is read-only", "Make the disk of data.dir writable" + THEN);
        }
        if (cause instanceof AccessDeniedException
                || hasAny(words, "permission denied", "access is denied", "operation not permitted")) {
            return new DiskFault(
                    "the station's user may not write there",
                    "Give the station's user the right to write in data.dir" + THEN);
        }
        if (hasAny(words, "being used by another process", "locked a portion")) {
            return new DiskFault(
                    "another program holds the file", "Keep virus scanners and backups away from data.dir" + THEN);
        }
        if (cause instanceof NoSuchFileException || hasAny(words, "no such file", "cannot find")) {
            return new DiskFault("the folder or file is gone", "Bring the disk of data.dir back" + THEN);
        }
        if (cause instanceof IOException && hasAny(words, "input/output error", "i/o", "device error", "crc")) {
            return new DiskFault("the disk fails", "Save data.dir and replace the disk" + THEN);
        }
        return new DiskFault(
                "the disk did not do what was asked", "Check disk space and permissions of data.dir" + THEN);
    }

    private static boolean hasAny(String words, String... signs) {
        for (String sign : signs) {
            if (words.contains(sign)) {
                return true;
            }
        }
        return false;
    }
}
