package org.fobstation.klms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * By what a changed file is told without reading it. A link is followed.
 *
 * @param key of the file on its disk; null where the system has none
 */
record FileStamp(FileTime modified, long size, Object key) {

    private static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, null);

    static List<FileStamp> of(List<Path> files) {
        return files.stream().map(FileStamp::of).toList();
    }

    private static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            // Whoever reads it will say why it cannot be.
            return ABSENT;
        }
    }
}
