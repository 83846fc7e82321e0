package org.fobstation.station;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a password, PIN or key that is written into the configuration, where backups, tickets and colleagues read it. Goes
 * by the words of a key and by addresses with a password in them; never repeats a value.
 */
final class PlainSecret {

    /** Anywhere in a key. */
    private static final Set<String> PASSWORDS =
            Set.of("password", "passwd", "passphrase", "passcode", "pwd", "passwort", "kennwort");

    /** Only at the end of a key: token.url is none, access-token is one. */
    private static final Set<String> SECRETS = Set.of("pin", "secret", "token", "apikey", "credential", "credentials");

    /** Two words at the end of a key. */
    private static final Set<String> KEYS =
            Set.of("api key", "access key", "private key", "secret key", "account key", "pin code");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+|[0-9]+$");

    /**
     * A function of Camel's that fetches a value from elsewhere, without a standard value behind a second colon; a bean;
     * a switch; nothing.
     */
    private static final Pattern REFERENCE =
            Pattern.compile("(RAW\\()?\\{\\{\\??[a-z0-9-]+:[^{}:]+}}\\)?|true|false|#(bean|class|type|property):.*|");

    private static final Pattern USER_AND_PASSWORD = Pattern.compile("://[^/@\\s:]*:([^/@\\s]+)@");
    private static final Pattern PARAMETER = Pattern.compile("[?&]([A-Za-z0-9._-]+)=([^&]*)");

    /** As JAAS, JDBC and other drivers take it: {@code username="smith" password="..."}, {@code user=smith;password=...}. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:^|[;,\\s])([A-Za-z0-9._-]+)\\s*=\\s*[\"']?([^;,\\s\"']*)");

    /** As HTTP's Authorization header has it (RFC 9110, 11.6.2). */
    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?:Bearer|Basic) +[A-Za-z0-9._~+/-]{8,}=*", Pattern.CASE_INSENSITIVE);

    private PlainSecret() {}

    /** What is wrong with a line; empty if nothing is. */
    static Optional<String> in(String key, String value) {
        if (isSecret(key) && !isReference(value)) {
            return Optional.of(key + " holds a secret in plain text");
        }
        if (isInAddress(value)) {
            return Optional.of(key + " holds an address with a secret in plain text");
        }
        boolean assigned = ASSIGNMENT
                .matcher(value)
                .results()
                .anyMatch(found -> hasPassword(found.group(1)) && !isReference(found.group(2)));
        return assigned || AUTHORIZATION.matcher(value).find()
                ? Optional.of(key + " has a secret in plain text within its value")
                : Optional.empty();
    }

    private static boolean isInAddress(String value) {
        Matcher user = USER_AND_PASSWORD.matcher(value);
        return user.find() && !isReference(user.group(1))
                || PARAMETER
                        .matcher(value)
                        .results()
                        .anyMatch(found -> isSecret(found.group(1)) && !isReference(found.group(2)));
    }

    /** Only words that mean nothing else: token=NAME is part of a PKCS#11 token's address. */
    private static boolean hasPassword(String name) {
        return !isFile(name) && words(name).stream().anyMatch(PlainSecret::isPassword);
    }

    /** Whether the value of such a key is the path of a file with a secret in it. */
    static boolean isFile(String key) {
        List<String> words = words(key);
        int last = words.size() - 1;
        return last > 0 && words.get(last).equals("file") && isSecret(words.subList(0, last));
    }

    /**
     * What to do about one.
     *
     * @param variable the environment variable that overrides the line; empty if none does
     */
    static String remedy(String variable) {
        String how = variable.isEmpty()
                ? "The stores' passwords come from KLMS_KEY_STORE_PASSWORD and KLMS_TRUST_STORE_PASSWORD, or from the files"
                        + " that klms.key-store-password-file and klms.trust-store-password-file name"
                : "Leave the line empty and set the environment variable " + variable
                        + ", write {{env:NAME}}, or name a"
                        + " file that only the station's user may open by a key that ends in -file";
        return "Take it out and change it: whoever has read the file knows it. " + how;
    }

    private static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /** Whether a key's words say that its value is one; the station's own settings are not asked. */
    static boolean isSecret(String key) {
        List<String> words = words(key);
        return !isFile(key) && isSecret(words);
    }

    private static boolean isSecret(List<String> words) {
        int size = words.size();
        return words.stream().anyMatch(PlainSecret::isPassword)
                || size > 0 && SECRETS.contains(words.get(size - 1))
                || size > 1 && KEYS.contains(words.get(size - 2) + " " + words.get(size - 1));
    }

    /** Also at the end of a word: keystorepassword. */
    private static boolean isPassword(String word) {
        return PASSWORDS.stream().anyMatch(word::endsWith);
    }

    private static List<String> words(String key) {
        return Arrays.stream(BETWEEN_WORDS.split(key))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }
}
