package org.fobstation.station;

import java.util.List;
import java.util.concurrent.Callable;
import org.fobstation.audit.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code clear-attempts}: lets fobs be tried again that were refused with ATTEMPTS_USED_UP. */
@Command(
        name = "clear-attempts",
        mixinStandardHelpOptions = true,
        description = {
            "Lets the running station try fobs again that it has tried too often.",
            "A card may block its keys for ever after too many attempts: find out first why they failed."
        })
final class ClearAttemptsCommand implements Callable<Integer> {

    @Mixin
    private StationRequest request;

    @Parameters(paramLabel = "UID", arity = "1..*", description = "UIDs of the fobs, in hex as the console shows them.")
    private List<String> uids;

    @Override
    public Integer call() throws Exception {
        return request.give(Request.CLEAR_ATTEMPTS, uids);
    }
}
