package org.fobstation.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The station's data on disk. Where the file system knows POSIX permissions, all of it is the owner's alone. */
public record DataFolder(Path root) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The one a journal is in. */
    static DataFolder of(JournalSegments segments) {
        return new DataFolder(segments.directory().resolveSibling(""));
    }

    public Path journal() {
        return root.resolve("journal");
    }

    public Path archive() {
        return root.resolve("archive");
    }

    public Path deadLetters() {
        return root.resolve("dead-letter");
    }

    public Path requests() {
        return root.resolve("requests");
    }

    /** The file whose lock keeps a second station off. */
    Path stationLock() {
        return root.resolve("station.lock");
    }

    /**
     * Makes the folders that are missing. The four inside are closed to everybody but the owner even if they were there
     * before; a root that was there before is left as whoever made it wanted it.
     */
    public void create() throws IOException {
        if (Files.notExists(root)) {
            makeOwnerOnly(root);
        }
        for (Path folder : List.of(journal(), archive(), deadLetters(), requests())) {
            makeOwnerOnly(folder);
        }
    }

    static void makeOwnerOnly(Path folder) throws IOException {
        try {
            Files.createDirectories(folder.toAbsolutePath());
        } catch (FileSystemException e) {
            throw fileInTheWay(folder.toAbsolutePath()).orElse(e);
        }
        if (isPosix(folder) && !Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
        }
    }

    /** The system says of a file above a folder only that it is no folder, or that the folder is not there. */
    private static Optional<FileSystemException> fileInTheWay(Path folder) {
        Path there = folder;
        while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        return Optional.ofNullable(there)
                .filter(found -> !Files.isDirectory(found))
                .map(found -> new FileAlreadyExistsException(found.toString()));
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Makes the names in a directory durable. Windows cannot, and NTFS journals names itself. */
    static void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
