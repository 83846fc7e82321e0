package org.fobstation.audit;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.fobstation.FolderFiles;

/** The audit side of a station: a journal, the routes as they are shipped, and a key server beside it. */
final class AuditStation implements AutoCloseable {

    final DataFolder folder;
    final StubKlms klms;
    AuditJournal journal;
    AuditDelivery delivery;
    private Main main;
    private RequestFolder requests;
    String retries = "3";
    String backoff = "10";
    String replayInterval = "1h";
    String replayFirst = "1h";

    AuditStation(Path data, StubKlms klms) {
        this.folder = new DataFolder(data);
        this.klms = klms;
    }

    void start() throws Exception {
        openJournal();
        startRoutes();
    }

    void openJournal() throws Exception {
        journal = AuditJournal.open(AuditSettings.of(folder.root(), Runs.STATION), Runs.CLOCK);
    }

    void startRoutes() throws Exception {
        delivery = AuditDelivery.of(journal, folder);
        main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.configure().setRoutesIncludePattern("file:routes/audit.yaml,file:routes/replay.yaml");
        main.configure().setStreamCachingEnabled(false);
        main.configure().setShutdownTimeout(10);
        main.configure().addRoutesBuilder(klms);
        main.bind("audit", delivery);
        main.addOverrideProperty("data.dir", folder.root().toString());
        main.addOverrideProperty("audit.retries", retries);
        main.addOverrideProperty("audit.backoff", backoff);
        main.addOverrideProperty("audit.replay-interval", replayInterval);
        main.addOverrideProperty("audit.replay-first", replayFirst);
        main.start();
        requests = RequestFolder.watch(
                folder,
                journal,
                Map.of(Request.REPLAY, new ReplayHandler(delivery, context().createProducerTemplate())),
                Clock.systemUTC());
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    RequestResult request(String command, String... arguments) throws Exception {
        return RequestClient.submit(folder.requests(), command, List.of(arguments), "smith", Duration.ofSeconds(10));
    }

    List<String> files(Path directory) {
        return FolderFiles.in(directory).stream()
                .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                .sorted()
                .toList();
    }

    List<String> deadLetters() {
        return files(folder.deadLetters());
    }

    @Override
    public void close() {
        if (requests != null) {
            requests.close();
        }
        if (main != null) {
            main.stop();
        }
        if (journal != null) {
            journal.close();
        }
    }
}
