package org.fobstation.station;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which of the free settings ({@code camel.*}, {@code site.*}) the station refuses: those that load code or routes from
 * elsewhere, or undo the order of its start.
 */
final class FreeSettings {

    /** Without dashes and case, as Camel compares them. */
    private static final List<String> CAMEL = List.of(
            "camel.beans",
            "camel.routetemplate",
            "camel.vault",
            "camel.main.routes",
            "camel.main.javaroutes",
            "camel.main.xmlroutes",
            "camel.main.basepackagescan",
            "camel.main.packagescan",
            "camel.main.configuration",
            "camel.main.fileconfigurations",
            "camel.main.mainlistener",
            "camel.main.propertyplaceholder",
            "camel.main.cloudpropertieslocation",
            "camel.main.overrideproperties",
            "camel.main.initialproperties",
            "camel.main.compileworkdir",
            "camel.main.profile",
            "camel.main.modeline",
            "camel.main.autostartup",
            "camel.main.sourcelocationenabled",
            "camel.main.devconsole",
            "camel.main.autoconfiguration");

    private FreeSettings() {}

    /** Why a setting is refused; empty if it is not. */
    static Optional<String> refusal(String key, String value) {
        String plain = key.toLowerCase(Locale.ROOT).replace("-", "");
        if (CAMEL.stream().anyMatch(plain::startsWith)) {
            return Optional.of(key + " could load code or routes from elsewhere, or show values");
        }
        if (RouteText.namesAClass(value)) {
            return Optional.of(key + " names a class to be loaded");
        }
        return Optional.empty();
    }
}
