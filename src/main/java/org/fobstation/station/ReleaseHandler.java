package org.fobstation.station;

import java.util.Optional;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.LineHold;
import org.fobstation.audit.LineStop;
import org.fobstation.audit.Request;
import org.fobstation.audit.RequestHandler;
import org.fobstation.audit.RequestResult;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.OneLine;
import org.fobstation.provisioning.OperatorDisplay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code release}: lets the line go on, and tells the operator. */
final class ReleaseHandler implements RequestHandler {

    private static final int REASON_MOST = 200;
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseHandler.class);

    private final LineStop line;
    private final Gate station;
    private final OperatorDisplay display;

    /** @param station what may hold the station beside the line */
    ReleaseHandler(LineStop line, Gate station, OperatorDisplay display) {
        this.line = line;
        this.station = station;
        this.display = display;
    }

    @Override
    public RequestResult handle(Request request) {
        String reason =
                request.arguments().isEmpty() ? "" : request.arguments().get(0).strip();
        if (request.arguments().size() != 1 || reason.isEmpty()) {
            return RequestResult.refused("Say why the station is released: --reason TEXT, which is not empty.");
        }
        if (reason.length() > REASON_MOST) {
            return RequestResult.refused(
                    "The reason is one line of at most " + REASON_MOST + " signs; this has " + reason.length() + ".");
        }
        if (reason.chars().anyMatch(Character::isISOControl)) {
            return RequestResult.refused("The reason is one line without line breaks, tabs or other control signs; this"
                    + " has " + (reason.lines().count() > 1 ? "a line break." : "a control sign."));
        }
        try {
            return line.release(request, reason)
                    .map(hold -> released(hold, request, reason))
                    .orElseGet(this::notHeld);
        } catch (JournalException e) {
            return RequestResult.refused("The station is not released: " + e.getMessage());
        }
    }

    private RequestResult released(LineHold hold, Request request, String reason) {
        LOG.warn(
                "The line is released by {} ({}): {}",
                OneLine.of(request.user(), REASON_MOST),
                request.fileOwner(),
                OneLine.of(reason, REASON_MOST));
        try {
            display.released(request.user(), reason);
        } catch (RuntimeException e) {
            LOG.error("The operator display failed; the line is released all the same", e);
        }
        return RequestResult.done("Released. The station was held for " + hold.code() + ": " + hold.detail() + ".");
    }

    private RequestResult notHeld() {
        Optional<Gate.Hold> other = station.hold();
        return RequestResult.refused(other.map(hold -> "The hold for " + hold.code()
                        + " is not released by a command; it ends with its cause. " + hold.remedy())
                .orElse("Nothing was released: the station is not held."));
    }
}
