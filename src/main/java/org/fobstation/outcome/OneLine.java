package org.fobstation.outcome;

/**
 * What somebody else wrote, made fit for one line on a screen, in a log, in a record: bounded, without line breaks, and
 * without signs that are not seen but obeyed, such as those that move a terminal's cursor or turn a text round.
 */
public final class OneLine {

    private static final String MORE = "...";

    private OneLine() {}

    /**
     * @param text anything
     * @param lengthMax longest result, in UTF-16 units, 3 or more; what is cut off is shown by {@code ...}
     */
    public static String of(String text, int lengthMax) {
        StringBuilder line = new StringBuilder();
        boolean pause = false;
        for (int at = 0; at < text.length() && line.length() <= lengthMax; ) {
            int sign = text.codePointAt(at);
            at += Character.charCount(sign);
            if (Character.isWhitespace(sign) || Character.isSpaceChar(sign)) {
                pause = line.length() > 0;
                continue;
            }
            if (pause) {
                line.append(' ');
                pause = false;
            }
            append(line, sign);
        }
        return line.length() <= lengthMax ? line.toString() : cut(line, lengthMax - MORE.length()) + MORE;
    }

    private static void append(StringBuilder line, int sign) {
        if (isSeen(sign)) {
            line.appendCodePoint(sign);
        } else {
            line.append(String.format(sign > 0xFFFF ? "\\u{%x}" : "\\u%04x", sign));
        }
    }

    private static boolean isSeen(int sign) {
        return switch (Character.getType(sign)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String cut(StringBuilder line, int length) {
        boolean withinAPair = length > 0 && Character.isHighSurrogate(line.charAt(length - 1));
        return line.substring(0, withinAPair ? length - 1 : length);
    }
}
