package org.fobstation.pcsc;

import java.util.Locale;

/**
 * Tells which PC/SC readers are meant, by name.
 *
 * <p>A pattern is text with {@code *} for any characters, also none. The pieces between the stars must occur in the
 * reader's name in this order, anywhere, without overlap. Upper and lower case are alike; every other character,
 * blanks too, stands for itself; blanks at the ends of the pattern are cut off. So {@code acr1252*picc} matches
 * {@code ACS ACR1252 1S CL Reader PICC 0}. Beware: {@code PICC} contains {@code ICC}.
 *
 * <p>A reader is meant if its name matches {@code include} and does not match {@code exclude}.
 *
 * @param include the pattern of the readers meant; {@code *} means every reader
 * @param exclude the pattern of readers never meant; empty for none
 */
public record ReaderPattern(String include, String exclude) {

    /** Throws {@link IllegalArgumentException} if {@code include} is blank, or {@code exclude} matches every name */
    public ReaderPattern {
        include = include.trim();
        exclude = exclude.trim();
        if (include.isEmpty()) {
            throw new IllegalArgumentException(
                    "the option name is blank: give a part of the reader's name, or * for any");
        }
        if (!exclude.isEmpty() && exclude.replace("*", "").isEmpty()) {
            throw new IllegalArgumentException("the option exclude, " + exclude + ", leaves no reader: name a part");
        }
    }

    public boolean matches(String readerName) {
        return occursIn(include, readerName) && !excludes(readerName);
    }

    /** Whether a reader is one of those never meant. */
    boolean excludes(String readerName) {
        return !exclude.isEmpty() && occursIn(exclude, readerName);
    }

    private static boolean occursIn(String pattern, String readerName) {
        String name = readerName.toLowerCase(Locale.ROOT);
        int from = 0;
        for (String piece : pattern.toLowerCase(Locale.ROOT).split("\\*")) {
            int at = name.indexOf(piece, from);
            if (at < 0) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }

    @Override
    public String toString() {
        return exclude.isEmpty() ? include : include + " without " + exclude;
    }
}
