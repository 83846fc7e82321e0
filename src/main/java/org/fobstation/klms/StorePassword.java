package org.fobstation.klms;

import java.nio.file.Path;
import java.util.Optional;

/** Where a store's password or a token's PIN comes from. Whoever reads it overwrites it. */
@FunctionalInterface
public interface StorePassword {

    /** For a store that has none. */
    StorePassword NONE = () -> null;

    /**
     * Reads it anew.
     *
     * @return a fresh array each time; null if none is set
     * @throws KlmsSetupException if it is set and cannot be used
     */
    char[] read() throws KlmsSetupException;

    /** The file it is in, if it is in one: a change means another password. */
    default Optional<Path> file() {
        return Optional.empty();
    }
}
