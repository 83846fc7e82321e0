package org.fobstation.audit;

import java.util.List;
import java.util.Objects;

/**
 * A command given to the running station.
 *
 * @param command what to do
 * @param arguments of it
 * @param user who gives it, in his own words
 * @param fileOwner who gives it, in the words of the file system
 */
public record Request(String command, List<String> arguments, String user, String fileOwner) {

    /** Puts the dead letters through now: all of them, or those whose numbers are the arguments. */
    public static final String REPLAY = "replay";

    /** Sets the attempts of the UIDs in the arguments back to none; done by being journaled. */
    public static final String CLEAR_ATTEMPTS = "clear-attempts";

    /** Lets a held line go on; the argument says why. */
    public static final String RELEASE = "release";

    public Request {
        Objects.requireNonNull(command);
        Objects.requireNonNull(user);
        Objects.requireNonNull(fileOwner);
        arguments = List.copyOf(arguments);
    }
}
