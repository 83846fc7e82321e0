package org.fobstation.audit;

import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Why a post failed, as one line of bounded length. What the server wrote is quoted: control signs are escaped, and hex
 * as long as a key is left out, because nobody knows what a server repeats.
 */
final class RefusalText {

    private static final int LENGTH_MAX = 300;
    private static final Pattern LONG_HEX = Pattern.compile("[0-9A-Fa-f]{30,}");

    private RefusalText() {}

    static String of(Exception cause) {
        if (cause == null) {
            return "no reason given";
        }
        if (!(cause instanceof HttpOperationFailedException failed)) {
            return oneLine(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }
        String status = ("the KLMS answered " + failed.getStatusCode() + " " + failed.getStatusText()).strip();
        String body =
                failed.getResponseBody() == null ? "" : failed.getResponseBody().strip();
        return oneLine(body.isEmpty() ? status : status + ": \"" + body + "\"");
    }

    static String oneLine(String text) {
        String bounded = text.substring(0, Math.min(text.length(), 4 * LENGTH_MAX))
                .replaceAll("\\s+", " ")
                .strip();
        StringBuilder line = new StringBuilder();
        LONG_HEX.matcher(bounded)
                .replaceAll(hex -> "[" + hex.group().length() + " hex digits]")
                .chars()
                .forEach(sign -> {
                    if (Character.isISOControl(sign) || Character.getType(sign) == Character.FORMAT) {
                        line.append(String.format("\\u%04x", sign));
                    } else {
                        line.append((char) sign);
                    }
                });
        return line.length() <= LENGTH_MAX ? line.toString() : line.substring(0, LENGTH_MAX - 3) + "...";
    }
}
