package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * The audit journal cannot be opened, read or written. The message says what, where, why, and the remedy. No run may
 * begin or go on after it.
 */
public final class JournalException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what could not be done
     * @param where file or folder, with the line where there is one
     * @param why the reason
     * @param remedy what to do about it
     */
    public JournalException(String what, String where, String why, String remedy) {
        this(what, where, why, remedy, null);
    }

    /** As the other constructor, with the cause. */
    public JournalException(String what, String where, String why, String remedy, Throwable cause) {
        super(what + ": " + where + ": " + why + ". " + remedy, cause);
    }

    /** @param folder named where the exception names nothing more exact */
    static JournalException folderNotMade(Path folder, IOException e) {
        return new JournalException(
                "The data folder cannot be made",
                e instanceof FileSystemException file && file.getFile() != null ? file.getFile() : folder.toString(),
                DiskFault.of(e).sentence() + " (" + e + ")",
                DiskFault.of(e).remedy(),
                e);
    }
}
