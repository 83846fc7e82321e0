package org.fobstation.klms;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something made of files, made anew when they change. What cannot be used leaves the one before in force, with one
 * warning for each reason. Looked at by one thread; {@link #value} and {@link #problem} are for any.
 *
 * @param <T> immutable
 */
final class Renewable<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Renewable.class);

    /** Makes it. */
    interface Source<T> {
        /** @param before null the first time */
        T read(T before) throws KlmsSetupException;
    }

    private final List<Path> files;
    private final Source<T> source;
    private List<FileStamp> taken;
    private List<FileStamp> seen;
    private volatile T value;
    private volatile String problem = "";

    /**
     * Makes it for the first time.
     *
     * @param files that are looked at; none: it never changes
     */
    Renewable(List<Path> files, Source<T> source) throws KlmsSetupException {
        this.files = List.copyOf(files);
        this.source = source;
        taken = FileStamp.of(this.files);
        seen = taken;
        value = source.read(null);
    }

    T value() {
        return value;
    }

    /** Why a change is not in force; empty if all is. */
    Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }

    /**
     * Looks whether the files have changed, and takes them when they have stood still from one look to the next: several
     * may be written one after the other.
     *
     * @return whether there is a new value
     */
    boolean look() {
        List<FileStamp> now = FileStamp.of(files);
        boolean still = now.equals(seen);
        seen = now;
        if (now.equals(taken)) {
            problem = "";
            return false;
        }
        return still && take(now);
    }

    private boolean take(List<FileStamp> now) {
        try {
            T renewed = source.read(value);
            if (!FileStamp.of(files).equals(now)) {
                return false;
            }
            value = renewed;
            taken = now;
            problem = "";
            LOG.info("Taken anew: {}", files);
            return true;
        } catch (KlmsSetupException e) {
            if (!problem.equals(e.getMessage())) {
                LOG.warn("A changed file is not used, the one before stays in force: {}", e.getMessage());
            }
            problem = e.getMessage();
            return false;
        }
    }
}
