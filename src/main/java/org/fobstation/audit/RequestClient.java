package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The other side of {@link RequestFolder}: gives a running station a command and waits for the result. */
public final class RequestClient {

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int RESULT_BYTES_MAX = 1 << 20;

    private RequestClient() {}

    /**
     * Gives a command. A request that was not taken in time is withdrawn: it will not be carried out later.
     *
     * @param requests the station's folder {@code data/requests}
     * @param user who gives it, for the journal
     * @param timeout how long to wait for the result
     * @return the station's answer, or a refusal that says why there is none
     * @throws IOException if the folder is not there or not writable
     */
    public static RequestResult submit(
            Path requests, String command, List<String> arguments, String user, Duration timeout)
            throws IOException, InterruptedException {
        String name = UUID.randomUUID().toString();
        Path request = requests.resolve(name + RequestJson.REQUEST);
        Path result = requests.resolve(name + RequestJson.RESULT);
        OwnerFile.write(request, RequestJson.request(command, arguments, user));
        long end = System.nanoTime() + timeout.toNanos();
        while (Files.notExists(result)) {
            if (System.nanoTime() - end > 0) {
                return givenUp(request, timeout);
            }
            Thread.sleep(LOOK.toMillis());
        }
        RequestResult answer = RequestJson.result(OwnerFile.read(result, RESULT_BYTES_MAX));
        OwnerFile.delete(result);
        return answer;
    }

    private static RequestResult givenUp(Path request, Duration timeout) throws IOException {
        String waited = " within " + timeout.toSeconds() + " s";
        return OwnerFile.delete(request)
                ? RequestResult.refused("No station took the request" + waited + "; nothing is done. Is it running?")
                : RequestResult.refused("The station has the request and did not end it" + waited + "; see its log.");
    }
}
