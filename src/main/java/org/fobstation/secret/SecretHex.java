package org.fobstation.secret;

/** Decodes hex digits straight into {@link SecretBytes}, with no text or heap copy of the secret in between. */
public final class SecretHex {

    private SecretHex() {}

    /** Gives one hex digit by its index, as ASCII or UTF-16 code. */
    @FunctionalInterface
    public interface Digits {
        int at(int index);
    }

    /**
     * Decodes ASCII digits in either case.
     *
     * @param ascii holds the digits; left as it is, the caller overwrites it
     * @param offset index of the first digit
     * @param digits number of digits, even
     * @throws IllegalArgumentException if odd, or at a byte that is no hex digit; the message never holds a digit
     */
    public static SecretBytes decode(byte[] ascii, int offset, int digits) {
        return decode(index -> ascii[offset + index], digits);
    }

    /** As {@link #decode(byte[], int, int)}, for the character buffer of a JSON parser. */
    public static SecretBytes decode(char[] text, int offset, int digits) {
        return decode(index -> text[offset + index], digits);
    }

    private static SecretBytes decode(Digits source, int digits) {
        if (digits % 2 != 0) {
            throw new IllegalArgumentException("an odd number of hex digits: " + digits);
        }
        SecretBytes secret = SecretBytes.allocate(digits / 2);
        boolean decoded = false;
        try {
            for (int i = 0; i < secret.length(); i++) {
                secret.put(i, (byte) (digit(source, 2 * i) << 4 | digit(source, 2 * i + 1)));
            }
            decoded = true;
            return secret;
        } finally {
            if (!decoded) {
                secret.close();
            }
        }
    }

    private static int digit(Digits source, int index) {
        int value = Character.digit(source.at(index), 16);
        if (value < 0 || source.at(index) > 'f') {
            throw new IllegalArgumentException("no hex digit at position " + index);
        }
        return value;
    }
}
