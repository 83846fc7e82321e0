package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that only a message makes known are looked at as well: the run fails and the fob is not touched. */
class DynamicEndpointTest {

    private static final String PROVISION =
            """
                    - bean:
                        ref: provisioning
                        method: provision
            """;

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader reader = service.plugIn("Virtual Reader PICC 0");
    private EditedRoutes routes;
    private TestStation station;

    @BeforeEach
    void copyRoutes() throws Exception {
        routes = EditedRoutes.copyTo(folder.resolve("routes"));
        station = TestStation.in(folder).set("routes.dir", routes.folder().toString());
    }

    @AfterEach
    void stop() {
        station.close();
    }

    private RunReport presentWith(String address, String step) throws Exception {
        routes.insertBefore(
                "provision.yaml",
                PROVISION,
                "- setVariable: { name: address, simple: \"%s\" }\n- %s\n"
                        .formatted(address, step)
                        .indent(8));
        station.start(service, reader.readerName());
        VirtualFob fob = station.fob("04A1B2C3D4E5F6");
        reader.present(fob);
        RunReport report = station.awaitOutcome();
        assertThat(fob.received()).as("commands to the fob").noneMatch(command -> command.startsWith("8050"));
        return report;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toD: \"${variable.address}\"",
                "recipientList: { variable: { expression: address } }",
                "routingSlip: { variable: { expression: address } }",
                "enrich: { variable: { expression: address } }",
                "pollEnrich: { variable: { expression: address }, timeout: \"100\" }"
            })
    void mayNotNameAnotherComponent(String step) throws Exception {
        RunReport report = presentWith("class:org.fobstation.station.StationMain", step);

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
        assertThat(station.logged()).contains("the component class is not one that routes may use");
    }

    @Test
    void mayNotNameAnotherFolder() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");

        RunReport report = presentWith("file:" + elsewhere, "toD: \"${variable.address}\"");

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void mayNotNameAnotherHost() throws Exception {
        RunReport report = presentWith("https://localhost:1/x", "toD: \"${variable.address}\"");

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
        assertThat(station.logged()).contains("the host localhost:1 is not one that routes may call");
    }

    @Test
    void mayNotNameAClassInThePlaceOfABean() throws Exception {
        RunReport report = presentWith(
                "bean:org.apache.camel.component.file.FileOperations?method=deleteFile",
                "toD: \"${variable.address}\"");

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
        assertThat(station.logged()).contains("the class org.apache.camel.component.file.FileOperations is not one");
    }

    @Test
    void mayNotHoldAnExpressionThatNamesAClass() throws Exception {
        RunReport report = presentWith(
                "an:com.fasterxml.jackson.databind.ObjectMapper?method=readTree}",
                "setVariable: { name: first, constant: \"${be\" }\n- recipientList: { simple: \"file:"
                        + folder.resolve("data/site") + "?fileName=${variable.first}${variable.address}\" }");

        assertThat(report.failure()).map(Failure::code).contains(FailureCode.ROUTE_FAILED);
        assertThat(station.logged()).contains("the class com.fasterxml.jackson.databind.ObjectMapper is not one");
    }
}
