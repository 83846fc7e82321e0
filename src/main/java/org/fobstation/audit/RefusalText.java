package org.fobstation.audit;

import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.fobstation.outcome.OneLine;

/**
 * Why a post failed, as one line of bounded length. What the server wrote is quoted, but for what may be a key or 8 bytes
 * of one in hex, or a key in Base64: nobody knows what a server repeats.
 */
final class RefusalText {

    private static final int LENGTH_MAX = 300;
    private static final Pattern LONG_HEX = Pattern.compile("[0-9A-Fa-f]{16,}");

    /** 16 bytes in Base64 have 22 signs; a word so long has hardly capitals, small letters and digits together. */
    private static final Pattern LONG_BASE64 = Pattern.compile(
            "(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[0-9])[A-Za-z0-9+/_-]{22,}={0,2}");

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
        String bounded = text.substring(0, Math.min(text.length(), 4 * LENGTH_MAX));
        String withoutHex =
                LONG_HEX.matcher(bounded).replaceAll(hex -> "[" + hex.group().length() + " hex digits]");
        String masked = LONG_BASE64
                .matcher(withoutHex)
                .replaceAll(text64 -> "[" + text64.group().length() + " signs]");
        return OneLine.of(masked, LENGTH_MAX);
    }
}
