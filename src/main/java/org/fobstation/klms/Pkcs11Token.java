package org.fobstation.klms;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A PKCS#11 token, such as a smart card or a hardware security module: the private key never leaves it. Written as a URI
 * of RFC 7512 with the attributes {@code token}, {@code object} and {@code module-path}.
 *
 * @param module the vendor's PKCS#11 library
 * @param token label of the token; the slot it is in may change
 * @param object label of the certificate that belongs to the key; empty if the token has only one
 */
public record Pkcs11Token(Path module, String token, String object) implements StoreLocation {

    static final String SCHEME = "pkcs11:";

    private static final String FORM = "write pkcs11:token=NAME;object=LABEL?module-path=LIBRARY";

    static Pkcs11Token parse(String text, Path home) {
        String rest = text.substring(SCHEME.length());
        int query = rest.indexOf('?');
        Map<String, String> attributes = new LinkedHashMap<>();
        read(query < 0 ? rest : rest.substring(0, query), ";", Set.of("token", "object"), attributes);
        read(query < 0 ? "" : rest.substring(query + 1), "&", Set.of("module-path"), attributes);
        String token = attributes.getOrDefault("token", "");
        String module = attributes.getOrDefault("module-path", "");
        if (token.isEmpty() || module.isEmpty()) {
            throw new IllegalArgumentException(
                    (token.isEmpty() ? "it names no token" : "it names no module-path") + "; " + FORM);
        }
        try {
            return new Pkcs11Token(home.resolve(module).normalize(), token, attributes.getOrDefault("object", ""));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("its module-path is no path", e);
        }
    }

    private static void read(String text, String separator, Set<String> known, Map<String, String> into) {
        for (String attribute : text.isEmpty() ? new String[0] : text.split(separator)) {
            int equals = attribute.indexOf('=');
            String name = equals < 0 ? attribute : attribute.substring(0, equals);
            if (name.startsWith("pin-")) {
                throw new IllegalArgumentException("a PIN has no place in it; set it as the store's password");
            }
            if (equals < 0 || !known.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is not known in it; " + FORM);
            }
            // A plus sign is one: this is no form of a web page.
            String value =
                    URLDecoder.decode(attribute.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (into.put(name, value) != null) {
                throw new IllegalArgumentException("'" + name + "' is in it twice");
            }
        }
    }

    @Override
    public KeyStore load(char[] pin, String pinSetting) throws KlmsSetupException {
        if (!Files.isRegularFile(module)) {
            throw new KlmsSetupException(
                    toString(), "there is no library " + module, "Correct module-path, or install the token's driver.");
        }
        if (pin == null) {
            throw new KlmsSetupException(toString(), "its PIN is not set", "Set " + pinSetting + ".");
        }
        long slot = Pkcs11Slots.of(this).slot();
        try {
            KeyStore store = KeyStore.getInstance("PKCS11", provider(slot));
            store.load(null, pin);
            return store;
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            String reason = reason(e);
            throw switch (reason) {
                case "CKR_PIN_INCORRECT" ->
                    new KlmsSetupException(
                            toString(),
                            "the PIN does not open it",
                            "Correct " + pinSetting + " before you start again: tokens count wrong PINs and block.");
                case "CKR_PIN_LOCKED" ->
                    new KlmsSetupException(
                            toString(), "its PIN is blocked", "Unblock it with the token's vendor's tool.");
                default ->
                    new KlmsSetupException(
                            toString(), "cannot be opened: " + reason, "Check the token with its vendor's tool.");
            };
        }
    }

    /** Java's own way to PKCS#11, registered behind all others: a handle to a key works only with a registered one. */
    private Provider provider(long slot) throws KlmsSetupException {
        String name = "fob-station-" + Integer.toHexString(module.hashCode()) + "-" + slot;
        Provider registered = Security.getProvider("SunPKCS11-" + name);
        if (registered != null) {
            return registered;
        }
        Provider template = Security.getProvider("SunPKCS11");
        if (template == null) {
            throw new KlmsSetupException(
                    toString(), "this Java has no PKCS#11", "Use a Java with the module jdk.crypto.cryptoki.");
        }
        try {
            Provider provider =
                    template.configure("--name = " + name + "\nlibrary = " + module + "\nslot = " + slot + "\n");
            Security.addProvider(provider);
            return provider;
        } catch (InvalidParameterException | ProviderException e) {
            throw new KlmsSetupException(
                    toString(), "Java cannot use its library: " + reason(e), "Check library and token.");
        }
    }

    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    @Override
    public String entry() {
        return object;
    }

    @Override
    public String toString() {
        return "PKCS#11 token " + token;
    }
}
