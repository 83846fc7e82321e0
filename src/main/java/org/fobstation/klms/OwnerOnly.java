package org.fobstation.klms;

import static java.nio.file.attribute.AclEntryPermission.APPEND_DATA;
import static java.nio.file.attribute.AclEntryPermission.READ_DATA;
import static java.nio.file.attribute.AclEntryPermission.WRITE_ACL;
import static java.nio.file.attribute.AclEntryPermission.WRITE_DATA;
import static java.nio.file.attribute.AclEntryPermission.WRITE_OWNER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Whether a file with a secret is closed to everybody but its owner: by its mode on POSIX, by its ACL on Windows. */
final class OwnerOnly {

    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private static final Set<AclEntryPermission> OPENING =
            EnumSet.of(READ_DATA, WRITE_DATA, APPEND_DATA, WRITE_ACL, WRITE_OWNER);

    /** They open any file anyway. Other languages of Windows name them otherwise; then the remedy removes them. */
    private static final Set<String> SYSTEM = Set.of("NT AUTHORITY\\SYSTEM", "BUILTIN\\Administrators");

    private OwnerOnly() {}

    static void require(Path file) throws KlmsSetupException {
        try {
            PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (posix != null) {
                requireMode(file, posix.readAttributes().permissions());
                return;
            }
            AclFileAttributeView acl = Files.getFileAttributeView(file, AclFileAttributeView.class);
            if (acl != null) {
                requireAcl(file, acl.getOwner(), acl.getAcl());
                return;
            }
        } catch (IOException e) {
            throw new KlmsSetupException(
                    file.toString(), "nobody can say who may open it: " + e, "Make the station's user its owner.");
        }
        throw new KlmsSetupException(
                file.toString(), "its file system knows no owners", "Put it on a disk with permissions, such as NTFS.");
    }

    private static void requireMode(Path file, Set<PosixFilePermission> mode) throws KlmsSetupException {
        if (!Collections.disjoint(mode, OTHERS)) {
            throw new KlmsSetupException(
                    file.toString(),
                    "others than its owner may open it (" + PosixFilePermissions.toString(mode) + ")",
                    "chmod 600 " + file + ", then change what is in it: it may have been read.");
        }
    }

    /** @param acl as Windows gives it, in its order */
    static void requireAcl(Path file, UserPrincipal owner, List<AclEntry> acl) throws KlmsSetupException {
        for (AclEntry entry : acl) {
            boolean opens = entry.type() == AclEntryType.ALLOW
                    && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
                    && !Collections.disjoint(entry.permissions(), OPENING);
            if (opens
                    && !entry.principal().equals(owner)
                    && !SYSTEM.contains(entry.principal().getName())) {
                throw new KlmsSetupException(
                        file.toString(),
                        "others than its owner may open it ("
                                + entry.principal().getName() + ")",
                        "As the station's user: takeown /F \"" + file + "\", icacls \"" + file
                                + "\" /inheritance:r /grant:r \"%USERNAME%\":F, then change what is in it.");
            }
        }
    }
}
