package org.fobstation.station;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.fobstation.klms.KeyPin;
import org.fobstation.klms.KlmsSettings;
import org.fobstation.klms.StoreLocation;
import org.fobstation.klms.StorePassword;
import org.fobstation.klms.TlsSettings;
import org.fobstation.klms.UidFormat;
import org.fobstation.klms.WindowsStore;

/** The settings of the key server: read first, put together when nothing was wrong. */
final class KlmsSettingsReader {

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]*");
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettingsReader reader;
    private final Map<String, String> environment;
    private final URI url;
    private final String keysPath;
    private final String auditPath;
    private final StoreLocation keyStore;
    private final StoreLocation trustStore;
    private final StorePassword keyStorePassword;
    private final StorePassword trustStorePassword;
    private final List<String> protocols;
    private final List<KeyPin> pins;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private final UidFormat uidFormat;
    private final int poolSize;

    KlmsSettingsReader(SettingsReader reader, Map<String, String> environment) {
        this.reader = reader;
        this.environment = environment;
        url = reader.httpsUri("klms.url");
        keysPath = reader.text("klms.keys-path", "/api/v1/keys", PATH, "a path that starts with /");
        auditPath = reader.text("klms.audit-path", "/api/v1/audits", PATH, "a path that starts with /");
        keyStore = store("klms.key-store", "config/station.p12", StoreLocation::ofKey);
        trustStore = store("klms.trust-store", "config/trust.p12", StoreLocation::ofTrust);
        keyStorePassword = password(keyStore, "klms.key-store-password-file", "KLMS_KEY_STORE_PASSWORD");
        trustStorePassword = password(trustStore, "klms.trust-store-password-file", "KLMS_TRUST_STORE_PASSWORD");
        protocols = reader.parsed("klms.tls", "TLSv1.3", KlmsSettingsReader::protocols);
        pins = reader.parsed("klms.pin", "", KeyPin::parse);
        connectTimeout = reader.duration("klms.connect-timeout", "3 s", MILLI, MINUTE);
        answerTimeout = reader.duration("klms.answer-timeout", "5 s", MILLI, MINUTE);
        uidFormat = reader.choice("klms.uid-format", UidFormat.RAW, UidFormat.class);
        poolSize = reader.readers().size() + 2;
    }

    /** Only where the reader has no problem. */
    KlmsSettings settings() {
        return new KlmsSettings(
                url,
                keysPath,
                auditPath,
                new TlsSettings(keyStore, keyStorePassword, trustStore, trustStorePassword, protocols, pins),
                connectTimeout,
                answerTimeout,
                poolSize,
                uidFormat);
    }

    private StoreLocation store(String key, String standard, BiFunction<String, Path, StoreLocation> parser) {
        StoreLocation store = reader.parsed(key, standard, text -> parser.apply(text, reader.home()));
        if (store instanceof WindowsStore && !WindowsStore.isHere()) {
            reader.problem(
                    reader.where(key), key + " is " + store + ", which is only on Windows", WindowsStore.ELSEWHERE);
        }
        return store;
    }

    /** A store's password is in one of two places, so that nobody renews it in the other one. */
    private StorePassword password(StoreLocation store, String fileKey, String variable) {
        Optional<Path> file = reader.optionalPath(fileKey);
        boolean inEnvironment = environment.get(variable) != null;
        if (file.isPresent() && inEnvironment) {
            reader.problem(
                    reader.where(fileKey),
                    fileKey + " is set, and so is the environment variable " + variable,
                    "Keep one of them");
        }
        if (file.isPresent()) {
            return reader.secretFile(fileKey, file.get());
        }
        if (!inEnvironment && store != null && store.hasPassword()) {
            reader.problem(
                    "environment variable " + variable,
                    "it is not set, and neither is " + fileKey,
                    "Set it to the store's password or PIN, or name a file that only the station's user may open");
        }
        return inEnvironment ? () -> environment.get(variable).toCharArray() : StorePassword.NONE;
    }

    private static List<String> protocols(String value) {
        List<String> protocols =
                Arrays.stream(value.split(",")).map(String::strip).toList();
        if (!List.of("TLSv1.3", "TLSv1.2").containsAll(protocols)) {
            throw new IllegalArgumentException("'" + value + "'; known are TLSv1.3 and TLSv1.2");
        }
        return protocols;
    }
}
