package org.fobstation.audit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The command {@code clear-attempts UID...}: lets fobs be tried again that were tried too often. The journal has taken it
 * before this is called, so that all that is left is to say what was done.
 */
public final class ClearAttemptsHandler implements RequestHandler {

    private static final Pattern UID = Pattern.compile("[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20}");

    @Override
    public RequestResult handle(Request request) {
        List<String> uids = request.arguments();
        if (uids.isEmpty()) {
            return RequestResult.refused("Name the UID of a fob.");
        }
        List<String> strange =
                uids.stream().filter(uid -> !UID.matcher(uid).matches()).toList();
        if (!strange.isEmpty()) {
            return RequestResult.refused("These are no UIDs of 8, 14 or 20 hex digits: " + String.join(" ", strange)
                    + (strange.size() < uids.size() ? ". The attempts of the others are cleared." : "."));
        }
        return RequestResult.done("Cleared the attempts of " + String.join(" ", uids) + ".");
    }
}
