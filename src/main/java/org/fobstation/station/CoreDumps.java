package org.fobstation.station;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Linux from writing this process's memory to a file when it crashes, and other processes of the same user from
 * reading it. Elsewhere the JVM's own flags are all there is.
 *
 * @see "prctl(2), PR_SET_DUMPABLE"
 */
final class CoreDumps {

    private static final Logger LOG = LoggerFactory.getLogger(CoreDumps.class);

    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;

    private CoreDumps() {}

    /** Forbids them for the rest of this process. A station that cannot do so says why, and goes on. */
    static void forbid() {
        if (Platform.isLinux()) {
            try {
                set(false);
            } catch (UnsatisfiedLinkError | LastErrorException e) {
                LOG.warn("Core dumps could not be forbidden; a crash may write keys to a file: {}", e.toString());
            }
        }
    }

    static void set(boolean dumpable) {
        prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0);
    }

    static boolean areAllowed() {
        return prctl(PR_GET_DUMPABLE, 0) != 0;
    }

    private static int prctl(int option, long argument) {
        Object[] arguments = {option, argument, 0L, 0L, 0L};
        int result = NativeLibrary.getInstance("c").getFunction("prctl").invokeInt(arguments);
        if (result < 0) {
            throw new LastErrorException(com.sun.jna.Native.getLastError());
        }
        return result;
    }
}
