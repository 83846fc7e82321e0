package org.fobstation.station;

import java.util.Locale;

/** Where the station is killed. All of them are in the tests: the station has no code for it. */
enum Failpoint {
    FOB_DETECTED,
    BEGIN_FORCED,
    BEFORE_KEY_REQUEST,
    AFTER_KEY_REQUEST,
    INTENT_OPEN_APPENDED,
    INTENT_OPEN_FORCED,
    BEFORE_INITIALIZE_UPDATE,
    AFTER_INITIALIZE_UPDATE,
    BEFORE_EXTERNAL_AUTHENTICATE,
    AFTER_EXTERNAL_AUTHENTICATE,
    INTENT_PAYLOAD_APPENDED,
    INTENT_PAYLOAD_FORCED,
    BEFORE_PAYLOAD,
    AFTER_PAYLOAD,
    INTENT_LOCK_FORCED,
    BEFORE_SET_STATUS,
    AFTER_SET_STATUS,
    /** Only where {@code lock.policy} replaces the keys. */
    BEFORE_PUT_KEY,
    AFTER_PUT_KEY,
    RESULT_APPENDED,
    RESULT_FORCED,
    OUTCOME_SHOWN,
    BEFORE_ARCHIVE,
    AFTER_ARCHIVE,
    BEFORE_POST,
    AFTER_POST,
    RECEIPT_APPENDED,
    RECEIPT_FORCED,
    BEFORE_DEAD_LETTER,
    AFTER_DEAD_LETTER,
    DEAD_FORCED,
    BEFORE_REPLAY,
    AFTER_REPLAY,
    REPLAYED_FORCED;

    /** Whether the KLMS has to refuse the record for the station to come here. */
    boolean needsARefusal() {
        return name().contains("DEAD") || needsAReplay();
    }

    /** Whether the KLMS has to take it afterwards. */
    boolean needsAReplay() {
        return name().contains("REPLAY");
    }

    /** Whether the fob's keys have to be replaced for the station to come here. */
    boolean needsARotation() {
        return name().contains("PUT_KEY");
    }

    /** The point before or after a command; null if none is there. */
    static Failpoint atCommand(String moment, int ins) {
        return switch (ins) {
            case 0x50 -> valueOf(moment + "_INITIALIZE_UPDATE");
            case 0x82 -> valueOf(moment + "_EXTERNAL_AUTHENTICATE");
            case 0xE2 -> valueOf(moment + "_PAYLOAD");
            case 0xF0 -> valueOf(moment + "_SET_STATUS");
            case 0xD8 -> valueOf(moment + "_PUT_KEY");
            default -> null;
        };
    }

    /** The point after a line was handed to the disk or forced to it; null if none is there. */
    static Failpoint atLine(String line, String moment) {
        String name;
        if (line.contains("\"type\":\"INTENT\"")) {
            int kind = line.indexOf("\"kind\":\"") + "\"kind\":\"".length();
            name = "INTENT_" + line.substring(kind).replaceFirst("[:\"].*", "");
        } else {
            int type = line.indexOf("\"type\":\"") + "\"type\":\"".length();
            name = line.substring(type).replaceFirst("\".*", "").replace("DELIVERED", "RECEIPT");
        }
        for (Failpoint point : values()) {
            if (point.name().equals(name.toUpperCase(Locale.ROOT).strip() + "_" + moment)) {
                return point;
            }
        }
        return null;
    }
}
