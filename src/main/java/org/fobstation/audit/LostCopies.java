package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through copies that a power loss may have taken, at the start. What a copy holds is in the journal: one that
 * cannot be looked at or written is named, left as it is, and blocks nothing. {@code verify} names it too, and
 * {@code repair} moves away what stands in its place.
 */
final class LostCopies {

    /** A disk that refuses every file is not asked for thousands, each of which may take all {@link Patience}. */
    static final int FAILURES_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(LostCopies.class);

    private LostCopies() {}

    /** Makes one copy whole. */
    interface Restoration<T> {
        void restore(T copied) throws IOException;
    }

    /** @param file where the copy belongs */
    static <T> void restore(List<T> copied, Function<T, Path> file, Restoration<T> restoration) {
        int failures = 0;
        for (T one : copied) {
            try {
                restoration.restore(one);
            } catch (IOException e) {
                LOG.warn(
                        "{} could not be read, or not be written again: {}. The journal holds the record. Check the"
                                + " folder's permissions and move away what is no file of the station, or stop the"
                                + " station and run: station repair",
                        file.apply(one),
                        e.toString());
                failures++;
            }
            if (failures == FAILURES_MAX) {
                LOG.warn("{} copies failed: no further ones are looked at. Ask: station verify", failures);
                return;
            }
        }
    }
}
