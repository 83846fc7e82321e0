package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.outcome.Outcome;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of step that takes its address from a message, beside every address it may not name: each try stands in a
 * doTry of its own, so that one run shows them all.
 */
class AddressOfAMessageTest {

    private static final String BEGIN =
            """
                    - bean:
                        ref: provisioning
                        method: begin
            """;

    /** Steps with an address of the variable {@code address}. */
    private static final List<String> STEPS = List.of(
            "toD: \"${variable.address}\"",
            "toD: { uri: \"${variable.address}\", cacheSize: \"-1\" }",
            "recipientList: { variable: { expression: address } }",
            "routingSlip: { variable: { expression: address } }",
            "dynamicRouter: { variable: { expression: address } }",
            "enrich: { variable: { expression: address } }",
            "pollEnrich: { variable: { expression: address }, timeout: \"100\" }");

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader reader = service.plugIn("Virtual Reader PICC 0");
    private final StringBuilder tries = new StringBuilder();
    private final Map<String, String> expected = new LinkedHashMap<>();
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

    /** The step fails with a message that has {@code reason} in it. */
    private void tryTo(String address, String step, String reason) {
        String name = "TRY" + expected.size() + ":";
        expected.put(name, reason);
        tries.append(
                """
                - setBody: { constant: text }
                - setVariable: { name: address, simple: "%s" }
                - doTry:
                    steps:
                      - %s
                      - log: { message: "%s went through with ${body}" }
                    doCatch:
                      - exception: [ java.lang.Exception ]
                        steps:
                          - log: { message: "%s ${exception.message}" }
                """
                        .formatted(address, step, name, name)
                        .indent(8));
    }

    private void runAll() throws Exception {
        tries.insert(0, "        - setVariable: { name: run, simple: \"${body}\" }\n")
                .append("        - setBody: { variable: { expression: run } }\n");
        routes.edit("provision.yaml", BEGIN, BEGIN + tries);
        station.start(service, reader.readerName());
        reader.present(station.fob("04A1B2C3D4E5F6"));
        assertThat(station.awaitOutcome().outcome()).isEqualTo(Outcome.PASS);
        List<String> logged = station.logged().lines().toList();
        expected.forEach((name, reason) -> assertThat(logged)
                .as("%s", name)
                .anySatisfy(line -> assertThat(line).contains(" - " + name).contains(reason)));
    }

    @Test
    void leadsNowhereThatARouteMayNotGo() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        String keys = station.klms().url() + "//%6Beys/;x";
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("class:org.fobstation.station.StationMain", "the component class is not one");
        addresses.put("file:" + elsewhere, "is not one that routes may use");
        addresses.put("https://localhost:1/x", "the host localhost:1 is not one");
        addresses.put(keys + "?httpClient=#klmsAuditClient&httpMethod=POST", "keys and cards are the station's own");
        addresses.put("bean:${variable.smart}CardService?method=establish", "keys and cards are the station's own");
        addresses.put(station.klms().url() + "/x?followRedirects=true", "followRedirects leads to hosts");
        addresses.put(
                station.klms().url() + "/x?proxyHost=evil.example&proxyPort=3128",
                "the host evil.example:3128 is not one");
        addresses.put(
                station.klms().url() + "/x?oauth2TokenEndpoint=https://evil.example/t&oauth2ClientId=a"
                        + "&oauth2ClientSecret=b",
                "the host evil.example:443 is not one");
        tries.append("        - setVariable: { name: smart, constant: smart }\n");
        addresses.forEach((address, reason) -> STEPS.forEach(step -> tryTo(address, step, reason)));

        runAll();

        assertThat(elsewhere).doesNotExist();
        assertThat(station.klms().keyRequests()).as("requests for keys").hasSize(1);
    }

    /** The client is in no registry: neither a placeholder nor a message spells it. */
    @Test
    void leadsToNoClientForKeys() throws Exception {
        tries.append("        - setVariable: { name: klms, constant: klms }\n");
        String address = station.klms().url() + "/x?httpMethod=POST&httpClient=#${variable.klms}KeysClient";
        STEPS.forEach(step -> tryTo(address, step, "klmsKeysClient"));

        runAll();
    }

    /** It sees every route but the one that keys come through, which is there before the configuration of all routes. */
    @Test
    void leadsNoInterceptStepIntoTheRouteOfKeys() throws Exception {
        Files.writeString(
                routes.folder().resolve("intercept.yaml"),
                """
                - routeConfiguration:
                    intercept:
                      - intercept:
                          steps:
                            - log: { message: "INTERCEPTED ${routeId} ${body}" }
                """);

        runAll();

        assertThat(station.logged()).contains("INTERCEPTED key-package ").doesNotContain("INTERCEPTED klms-keys");
    }

    /** A tap goes on by itself; what it may not reach it does not reach either. */
    @Test
    void leadsATapNowhereThatARouteMayNotGo() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        tryTo("file:" + elsewhere, "wireTap: { uri: \"${variable.address}\" }", "went through");

        runAll();

        await().untilAsserted(() -> assertThat(station.logged()).contains("the folder " + elsewhere + " is not one"));
        assertThat(elsewhere).doesNotExist();
    }

    /** Camel shares one endpoint for all paths of a host and puts the path into a header, which is not obeyed. */
    @Test
    void leadsToTheWholePathOfAnAllowedHost() throws Exception {
        String options = "?httpClient=#klmsAuditClient&httpMethod=GET";
        String path = "{{klms.url}}/labels/${variable.address}" + options;
        String whole = "/labels/a with statusCode: 405";
        tryTo("a", "toD: \"" + path + "\"", whole);
        tryTo("a", "toD: { uri: \"" + path + "\", allowOptimisedComponents: false }", whole);
        tryTo("a", "enrich: { simple: \"" + path + "\" }", whole);
        tryTo("a", "recipientList: { simple: \"" + path + "\" }", whole);
        tryTo("a", "routingSlip: { simple: \"" + path + "\" }", whole);
        tryTo("a", "wireTap: { uri: \"" + path + "\" }", "went through");

        runAll();

        await().untilAsserted(() -> assertThat(
                        station.logged().lines().filter(line -> line.contains("HttpOperationFailedException")))
                .as("what failed behind the tap")
                .anyMatch(line -> line.contains("WireTap") && line.contains(whole)));
    }

    /** Names of files that a message gives stay within the folder, in writing and in reading. */
    @Test
    void leadsToNoFileOutOfItsFolder() throws Exception {
        Path site = Files.createDirectories(station.data().resolve("site"));
        Path outside = Files.writeString(station.data().resolve("outside.txt"), "outside");
        String folderOf = "file:" + site;
        String jailed = "jailed to the starting directory";
        tryTo("../written.txt", "toD: \"" + folderOf + "?fileName=${variable.address}\"", jailed);
        tryTo("../written.txt", "recipientList: { simple: \"" + folderOf + "?fileName=${variable.address}\" }", jailed);
        tryTo(
                "../moved",
                "pollEnrich: { simple: \"" + folderOf + "?move=${variable.address}\", timeout: \"100\" }",
                "leads out of the folder");
        tryTo(
                "../outside.txt",
                "pollEnrich: { simple: \"" + folderOf + "?fileName=${variable.address}\", timeout: \"100\" }",
                "went through");

        runAll();

        assertThat(outside).hasContent("outside");
        assertThat(station.data().resolve("written.txt")).doesNotExist();
        assertThat(station.logged()).doesNotContain("went through with outside");
    }
}
