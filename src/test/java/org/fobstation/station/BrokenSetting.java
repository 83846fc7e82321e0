package org.fobstation.station;

import java.util.stream.Stream;

/** A line of the configuration: it takes the place of the one with the same key, or comes last. */
record BrokenSetting(String name, String line, String reason, String remedy) {

    @Override
    public String toString() {
        return name;
    }

    static Stream<BrokenSetting> cases() {
        String time = "Expected is a time from ";
        String form = "See the explanation in the shipped file";
        return Stream.of(
                new BrokenSetting(
                        "a misspelt key",
                        "klms.ulr = x",
                        "klms.ulr is no setting of the station",
                        "Check the spelling, or use site.*"),
                new BrokenSetting("a key twice", "!station.id = B", "station.id is set twice", "Remove one"),
                new BrokenSetting(
                        "a line that is no setting",
                        "just words",
                        "no setting: it has no key and =",
                        "Write key = value"),
                new BrokenSetting(
                        "a station with blanks",
                        "station.id = LINE 4",
                        "station.id is 'LINE 4'",
                        "Expected is letters, digits, . _ -"),
                new BrokenSetting(
                        "a path with a comma",
                        "data.dir = a,b",
                        "data.dir is 'a,b'",
                        "Expected is a path without , % and ?"),
                new BrokenSetting(
                        "a key server without TLS",
                        "klms.url = http://klms.example:8080",
                        "klms.url is 'http://klms.example:8080'",
                        "Expected is an address such as https://"),
                new BrokenSetting(
                        "a key server with a query",
                        "klms.url = https://klms.example/?a=b",
                        "klms.url is 'https://klms.example/?a=b'",
                        "without query and user"),
                new BrokenSetting(
                        "a relative path at the key server",
                        "klms.keys-path = keys",
                        "klms.keys-path is 'keys'",
                        "Expected is a path that starts with /"),
                new BrokenSetting("an old TLS version", "klms.tls = SSLv3", "klms.tls is refused: 'SSLv3'", form),
                new BrokenSetting(
                        "a time without its unit", "klms.connect-timeout = 5", "klms.connect-timeout is '5'", time),
                new BrokenSetting(
                        "a time that is too long", "klms.answer-timeout = 2 h", "klms.answer-timeout is '2 h'", time),
                new BrokenSetting(
                        "an unknown form of UID",
                        "klms.uid-format = hex",
                        "klms.uid-format is 'hex'",
                        "Expected is one of raw, left-padded"),
                new BrokenSetting("a time below zero", "reader.debounce = -1 ms", "reader.debounce is '-1 ms'", time),
                new BrokenSetting(
                        "neither true nor false",
                        "reader.allow-random-uid = maybe",
                        "reader.allow-random-uid is 'maybe'",
                        "Expected is true or false"),
                new BrokenSetting(
                        "an AID of one byte",
                        "card.isd-aid = A0",
                        "card.isd-aid is refused: an AID has 5 to 16 bytes, not 1",
                        form),
                new BrokenSetting(
                        "no attempt at all",
                        "card.max-attempts = 0",
                        "card.max-attempts is '0'",
                        "Expected is a whole number from 1 to 100"),
                new BrokenSetting(
                        "a security level without encryption",
                        "scp03.level = 01",
                        "scp03.level is refused: '01'",
                        form),
                new BrokenSetting("an unknown mode", "scp03.mode = s32", "scp03.mode is 's32'", "Expected is one of"),
                new BrokenSetting(
                        "a payload that deletes",
                        "payload.instructions = E2,E4",
                        "payload.instructions is refused: 'E4'",
                        form),
                new BrokenSetting(
                        "a block without bytes", "payload.block-size = 0", "payload.block-size is refused: '0'", form),
                new BrokenSetting(
                        "a lock step that is none",
                        "lock.policy = secured, weld",
                        "lock.policy is refused: 'weld' is no step",
                        form),
                new BrokenSetting(
                        "a key version no card has",
                        "lock.rotated-kvn = FF",
                        "lock.rotated-kvn is refused: 'FF'",
                        form),
                new BrokenSetting(
                        "a line that is never stopped",
                        "hold.after-failures = off",
                        "hold.after-failures is 'off'",
                        "Expected is a whole number from 1 to 1000"),
                new BrokenSetting(
                        "a size in words",
                        "audit.min-free = lots",
                        "audit.min-free is 'lots'",
                        "Expected is a size such as 200 MB"),
                new BrokenSetting(
                        "a first wait beyond the longest",
                        "audit.backoff = 1 min",
                        "audit.backoff is longer than audit.backoff-max",
                        "Make it shorter"),
                new BrokenSetting(
                        "an addition to the list without its kind",
                        "routes.allow = exec",
                        "routes.allow is refused: 'exec'; an entry is component:NAME",
                        form),
                new BrokenSetting(
                        "routes from another place",
                        "camel.main.routesIncludePattern = https://evil.example/x.yaml",
                        "camel.main.routesIncludePattern is none of Camel's settings that a site may change",
                        "Take it out. Allowed are camel.main."),
                new BrokenSetting(
                        "readers started before the checks",
                        "camel.main.auto-startup = true",
                        "camel.main.auto-startup is none of Camel's settings",
                        "Take it out. Allowed are camel.main."),
                new BrokenSetting(
                        "a bean of Camel's",
                        "camel.beans.shell = #class:java.lang.ProcessBuilder",
                        "camel.beans.shell is none of Camel's settings",
                        "A setting of Camel's begins with camel.main."),
                new BrokenSetting(
                        "a class in a free setting",
                        "site.step = #class:java.lang.ProcessBuilder",
                        "site.step names an object or a class to be loaded",
                        "Write it into the route, where it is checked"));
    }
}
