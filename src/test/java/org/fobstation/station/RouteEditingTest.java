package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.spi.ThreadPoolProfile;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes are the engineers' to change: what they add runs, what they break is told, and no key escapes. */
class RouteEditingTest {

    private static final String UID = "04A1B2C3D4E5F6";
    private static final String PROVISION_STEP =
            """
                    - bean:
                        ref: provisioning
                        method: provision
            """;

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private VirtualReader reader;
    private EditedRoutes routes;
    private TestStation station;

    @BeforeEach
    void copyRoutes() throws Exception {
        reader = service.plugIn("Virtual Reader PICC 0");
        routes = EditedRoutes.copyTo(folder.resolve("my routes"));
        station = TestStation.in(folder).set("routes.dir", routes.folder().toString());
    }

    @AfterEach
    void stop() {
        station.close();
    }

    @Test
    void runsAStepThatWasAdded() throws Exception {
        Path labels = folder.resolve("labels");
        routes.insertBefore(
                "provision.yaml",
                PROVISION_STEP,
                """
                - wireTap:
                    uri: direct:label
                """.indent(8));
        Files.writeString(
                routes.folder().resolve("label.yaml"),
                """
                - route:
                    id: label
                    from:
                      uri: direct:label
                      steps:
                        - setHeader: { name: CamelFileName, simple: "${body.uid}.txt" }
                        - setBody: { simple: "fob ${body.uid} on ${body.readerId}" }
                        - to: "file:%s"
                """
                        .formatted(labels));
        station.set("routes.allow", "folder:" + labels);
        start();

        assertThat(present(station.fob(UID)).outcome()).isEqualTo(Outcome.PASS);
        await().untilAsserted(() ->
                assertThat(labels.resolve(UID + ".txt")).hasContent("fob " + UID + " on " + TestStation.READER_ID));
    }

    /** It would come in past the checks and the hash of the configuration. */
    @Test
    void takesNoSettingOfCamelFromTheProcess() throws Exception {
        String setting = "camel.component.seda.queueSize";
        System.setProperty(setting, "7");
        try {
            start();
        } finally {
            System.clearProperty(setting);
        }

        assertThat(station.camel().getComponent("seda", SedaComponent.class).getQueueSize())
                .isNotEqualTo(7);
    }

    /** Camel itself refuses an option that it does not have: the list of what a site may change holds none such. */
    @Test
    void takesTheSettingsOfCamelThatAreListed() throws Exception {
        """
        camel.main.additionalSensitiveKeywords = label
        camel.main.logDebugMaxChars = 100
        camel.main.logExhaustedMessageBody = true
        camel.main.logMask = true
        camel.main.logName = site
        camel.main.mdcLoggingKeysPattern = *
        camel.main.messageHistory = true
        camel.main.tracing = true
        camel.main.tracingLoggingFormat = %-4.4s [%-12.12s] [%-33.33s]
        camel.main.tracingPattern = provision*
        camel.main.tracingTemplates = true
        camel.main.useMdcLogging = true
        camel.ssl.certAlias = mes
        camel.ssl.cipherSuites = TLS_AES_256_GCM_SHA384
        camel.ssl.cipherSuitesExclude = TLS_RSA.*
        camel.ssl.cipherSuitesInclude = TLS_AES.*
        camel.ssl.enabled = true
        camel.ssl.secureSocketProtocol = TLSv1.3
        camel.threadpool.allowCoreThreadTimeOut = true
        camel.threadpool.keepAliveTime = 30
        camel.threadpool.maxPoolSize = 30
        camel.threadpool.maxQueueSize = 100
        camel.threadpool.poolSize = 5
        camel.threadpool.rejectedPolicy = CallerRuns
        camel.threadpool.timeUnit = SECONDS
        camel.threadpool.config[labels].id = labels
        camel.threadpool.config[labels].maxPoolSize = 7
        camel.component.seda.concurrentConsumers = 2
        camel.component.seda.defaultBlockWhenFull = true
        camel.component.seda.defaultOfferTimeout = 1000
        camel.component.seda.defaultPollTimeout = 500
        camel.component.seda.queueSize = 7
        camel.component.https.connectTimeout = 3000
        camel.component.https.connectionRequestTimeout = 3000
        camel.component.https.connectionTimeToLive = 60000
        camel.component.https.connectionsPerRoute = 2
        camel.component.https.maxTotalConnections = 10
        camel.component.https.responseTimeout = 3000
        camel.component.https.soTimeout = 3000
        camel.component.https.useGlobalSslContextParameters = true
        camel.component.https.userAgent = site
        """
                .lines()
                .map(line -> line.split(" = "))
                .forEach(setting -> station.set(setting[0], setting[1]));
        start();

        assertThat(station.camel().getComponent("seda", SedaComponent.class).getQueueSize())
                .isEqualTo(7);
        assertThat(station.camel().getExecutorServiceManager().getThreadPoolProfile("labels"))
                .extracting(ThreadPoolProfile::getMaxPoolSize)
                .isEqualTo(7);
        assertThat(present(station.fob(UID)).outcome()).isEqualTo(Outcome.PASS);
    }

    @Nested
    class WithAStepThatFails {

        @ParameterizedTest
        @CsvSource({"provision.yaml, true", "klms.yaml, false"})
        void endsTheRunRecordsItAndDoesNotTouchTheFob(String file, boolean beforeProvision) throws Exception {
            String failing =
                    """
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: the printer is out of paper
                    """
                            .indent(8);
            if (beforeProvision) {
                routes.insertBefore("provision.yaml", PROVISION_STEP, failing);
            } else {
                routes.edit(file, "        - to: direct:klms-keys", "        - to: direct:klms-keys\n" + failing + "#");
            }
            start();
            VirtualFob fob = station.fob(UID);

            RunReport report = present(fob);

            assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
            assertThat(report.failure().orElseThrow().detail()).contains("the printer is out of paper");
            assertThat(fob.received()).containsExactly("FFCA000000");
            await().untilAsserted(() -> assertThat(station.archived()).hasSize(1));
        }
    }

    @Nested
    class WithAStepThatFailsOutsideOfTheCardSession {

        private static final String FAILING =
                """
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: the MES says no
                """;
        private static final String REPORT_STEP =
                """
                        - bean:
                            ref: provisioning
                            method: report
                """;

        @Test
        void doesNotPassAFobThatAStepBeforeTheReportRefuses() throws Exception {
            routes.insertBefore("provision.yaml", REPORT_STEP, FAILING.indent(8));
            station.set("reader.debounce", "0 ms");
            start();
            VirtualFob fob = station.fob(UID);

            RunReport report = present(fob);

            assertThat(report.outcome()).isEqualTo(Outcome.HOLD);
            assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
            await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(1));
            assertThat(station.klms().audits().get(0).headers()).containsEntry("X-Audit-Outcome", "UNKNOWN");
        }

        @Test
        void finishesThatFobWhenTheStepIsMended() throws Exception {
            routes.insertBefore("provision.yaml", REPORT_STEP, FAILING.indent(8));
            start();
            VirtualFob fob = station.fob(UID);
            present(fob);
            reader.remove();
            station.awaitRemoval();
            station.stop();
            routes.edit("provision.yaml", FAILING.indent(8), "");

            start();
            assertThat(station.release("the step is mended").done()).isTrue();

            assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);
        }

        @Test
        void tellsTheOperatorOfAStepThatFailsBeforeTheRun() throws Exception {
            routes.insertBefore(
                    "provision.yaml",
                    """
                            - bean:
                                ref: provisioning
                                method: begin
                    """,
                    FAILING.indent(8));
            start();
            VirtualFob fob = station.fob(UID);

            reader.present(fob);

            Failure shown = station.awaitRefusal();
            assertThat(shown.code()).isEqualTo(FailureCode.ROUTE_FAILED);
            assertThat(shown.detail()).contains(UID).contains("the MES says no");
            assertThat(fob.received()).containsExactly("FFCA000000");
        }
    }

    @Nested
    class WithSomethingBroken {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "provision.yaml | - bean: | - baen: | baen",
                    "provision.yaml | ref: provisioning | ref: provisionning | provisionning",
                    "provision.yaml | method: provision | method: provide | provide",
                    "provision.yaml | debounce: | debonce: | debonce",
                    "provision.yaml | {{reader.debounce}} | {{reader.bounce}} | reader.bounce",
                    "provision.yaml | id: provision-fob | id: something-else | provision-fob",
                    "klms.yaml | direct:klms-keys | drect:klms-keys | drect",
                    "audit.yaml | uri: outbox:audit | uri: outbox:audit?bakoff=1 | bakoff",
                    "audit.yaml | - to: direct:audit-archive | - to: direct:audit-archiv | direct:audit-archiv",
                    "provision.yaml | constant: direct:key-package | constant: direct:key-packages | direct:key-packages",
                    "replay.yaml | - route: | - rout: | rout",
                    "audit.yaml | - to: direct:audit-archive | - to: direct:audit-archiv | direct:audit-archiv"
                })
        void stopsTheStartAndNamesFileAndReason(String file, String from, String to, String reason) throws Exception {
            routes.edit(file, from, to);

            StationStartException refused =
                    catchThrowableOfType(StationStartException.class, RouteEditingTest.this::start);

            assertThat(refused).as("the start is refused").isNotNull();
            assertThat(refused.exitCode()).isEqualTo(StationMain.UNUSABLE);
            assertThat(refused).hasMessageContaining(file).hasMessageContaining(reason);
        }

        @Test
        void namesTheLineOfAWrongWord() throws Exception {
            routes.edit("provision.yaml", "- bean:", "- baen:");
            int line = Files.readString(routes.folder().resolve("provision.yaml"))
                    .substring(
                            0,
                            Files.readString(routes.folder().resolve("provision.yaml"))
                                    .indexOf("- baen"))
                    .split("\n", -1)
                    .length;

            StationStartException refused =
                    catchThrowableOfType(StationStartException.class, RouteEditingTest.this::start);

            assertThat(refused).hasMessageContaining("provision.yaml").hasMessageContaining("line " + line);
        }

        @Test
        void refusesToStartWithoutAStepThatARunNeeds() throws Exception {
            routes.edit("provision.yaml", "method: report", "method: provision");

            StationStartException refused =
                    catchThrowableOfType(StationStartException.class, RouteEditingTest.this::start);

            assertThat(refused)
                    .hasMessageContaining(
                            "provision.yaml calls the bean provisioning for [begin, provision, provision]")
                    .hasMessageContaining("[begin, provision, report]");
        }

        @Test
        void refusesToStartWithoutARouteThatRecordsNeed() throws Exception {
            Files.delete(routes.folder().resolve("replay.yaml"));

            StationStartException refused =
                    catchThrowableOfType(StationStartException.class, RouteEditingTest.this::start);

            assertThat(refused).hasMessageContaining("no route begins with direct:audit-replay");
        }

        @Test
        void saysThatARouteFileIsMissing() throws Exception {
            Files.delete(routes.folder().resolve("provision.yaml"));

            StationStartException refused =
                    catchThrowableOfType(StationStartException.class, RouteEditingTest.this::start);

            assertThat(refused)
                    .hasMessageContaining("provision.yaml is missing")
                    .hasMessageContaining("routes.dir");
        }
    }

    @Test
    void showsNoKeyToALogBehindEveryStepWithTracingOn() throws Exception {
        assertThat(routes.logAfterEveryStep())
                .as("steps with a log behind them")
                .isGreaterThan(15);
        routes.edit("klms.yaml", "id: key-package\n", "id: key-package\n    streamCache: true\n");
        station.set("camel.main.tracing", "true")
                .set("camel.main.tracingTemplates", "true")
                .set("camel.main.messageHistory", "true")
                .set("camel.main.logExhaustedMessageBody", "true");
        start();

        assertThat(present(station.fob(UID)).outcome()).isEqualTo(Outcome.PASS);
        await().untilAsserted(() -> assertThat(station.archived()).hasSize(1));

        assertThat(station.logged())
                .as("the logs behind the steps")
                .contains("STEP body=run of fob " + UID)
                .contains("STEP body=key package trx");
        assertThat(station.logged().lines().filter(line -> line.contains("provision.yaml:")))
                .as("the tracer's lines of the fob's own route")
                .anyMatch(line -> line.contains("[bean[ref:provisioning") && line.contains("Exchange[Id"));
        // closing the station searches log and files for keys
    }

    private void start() throws Exception {
        station.start(service, reader.readerName());
    }

    private RunReport present(VirtualFob fob) throws Exception {
        reader.present(fob);
        return station.awaitOutcome();
    }
}
