package org.fobstation.station;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderPattern;
import org.fobstation.pcsc.ReaderSurvey;
import org.fobstation.pcsc.SmartCardService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which PC/SC reader the settings mean for which id. */
final class ReaderClaims {

    private static final long LONGEST_LOOK_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(ReaderClaims.class);

    private ReaderClaims() {}

    static Map<String, ReaderPattern> patterns(List<ReaderSettings> readers) {
        Map<String, ReaderPattern> patterns = new LinkedHashMap<>();
        readers.forEach(reader -> patterns.put(reader.id(), new ReaderPattern(reader.name(), reader.exclude())));
        return patterns;
    }

    /**
     * Refuses patterns that match the same reader, as far as the readers that are there now show it. Readers that come
     * later are judged by the monitor, which serves neither then. A service that is away, or does not answer, is no
     * reason not to start: the station waits for it.
     */
    static void requireUncontested(List<ReaderSettings> readers, SmartCardService cards) throws StationStartException {
        FutureTask<ReaderSurvey> look = new FutureTask<>(() -> ReaderSurvey.take(cards, patterns(readers)));
        Thread thread = new Thread(look, "reader-survey");
        thread.setDaemon(true);
        thread.start();
        try {
            List<String> contested =
                    look.get(LONGEST_LOOK_SECONDS, TimeUnit.SECONDS).contested();
            if (!contested.isEmpty()) {
                throw new StationStartException(
                        StationMain.UNUSABLE,
                        String.join("; ", contested)
                                + ". Narrow reader.<n>.name or set reader.<n>.exclude so that each means a reader of its"
                                + " own, then start again.",
                        null);
            }
        } catch (TimeoutException e) {
            LOG.warn("The PC/SC service does not answer; the readers are looked for while running");
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof PcscException)) {
                throw new StationStartException(
                        StationMain.FAILED, "the readers cannot be listed: " + e.getCause(), e.getCause());
            }
            LOG.warn("The readers cannot be listed yet: {}", e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StationStartException(StationMain.FAILED, "the start was interrupted", e);
        }
    }
}
