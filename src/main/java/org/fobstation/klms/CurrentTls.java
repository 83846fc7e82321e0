package org.fobstation.klms;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What new connections to the key server use, renewed when the files of the stores or of their passwords change. A
 * connection asks once, when it is opened.
 */
final class CurrentTls {

    private final Renewable<StationKey> own;
    private final Renewable<TrustedServers> trusted;
    private volatile MutualTls current;

    private CurrentTls(Renewable<StationKey> own, Renewable<TrustedServers> trusted) {
        this.own = own;
        this.trusted = trusted;
        current = new MutualTls(own.value(), trusted.value());
    }

    /** @throws KlmsSetupException if a store cannot be used */
    static CurrentTls open(TlsSettings settings, Clock clock) throws KlmsSetupException {
        MutualTls.refusePlaintextDebugging();
        Renewable<StationKey> own = new Renewable<>(
                files(settings.keyStore(), settings.keyStorePassword()), before -> key(settings, before, clock));
        Renewable<TrustedServers> trusted = new Renewable<>(
                files(settings.trustStore(), settings.trustStorePassword()), before -> servers(settings));
        return new CurrentTls(own, trusted);
    }

    MutualTls get() {
        return current;
    }

    /**
     * Takes what has changed. For one thread.
     *
     * @return whether {@link #get()} gives another one now
     */
    boolean look() {
        boolean ownRenewed = own.look();
        boolean renewed = trusted.look() || ownRenewed;
        if (renewed) {
            current = new MutualTls(own.value(), trusted.value());
        }
        return renewed;
    }

    /** Changed files that are not in force, each with place, reason and remedy. */
    List<String> problems() {
        return Stream.of(own.problem(), trusted.problem())
                .flatMap(Optional::stream)
                .toList();
    }

    /** A token is asked at the start only: every further try with a PIN that has changed would count against it. */
    private static List<Path> files(StoreLocation location, StorePassword password) {
        return location.file().stream()
                .flatMap(file -> Stream.concat(Stream.of(file), password.file().stream()))
                .toList();
    }

    private static StationKey key(TlsSettings settings, StationKey before, Clock clock) throws KlmsSetupException {
        StoreLocation location = settings.keyStore();
        char[] password = settings.keyStorePassword().read();
        StationKey read;
        try {
            KeyStore store = location.load(password, TlsSettings.KEY_STORE_PASSWORD);
            read = StationKey.from(store, location, password);
        } finally {
            wipe(password);
        }
        if (before != null && !isValid(read.certificate(), clock) && isValid(before.certificate(), clock)) {
            throw new KlmsSetupException(
                    location.toString(),
                    "its certificate is not valid now, the one before is",
                    "Put one there that is; valid from "
                            + read.certificate().getNotBefore().toInstant() + " to "
                            + read.certificate().getNotAfter().toInstant() + ".");
        }
        return read;
    }

    private static TrustedServers servers(TlsSettings settings) throws KlmsSetupException {
        StoreLocation location = settings.trustStore();
        char[] password = settings.trustStorePassword().read();
        try {
            KeyStore store = location.load(password, TlsSettings.TRUST_STORE_PASSWORD);
            return TrustedServers.from(store, location, settings.pins());
        } finally {
            wipe(password);
        }
    }

    private static boolean isValid(X509Certificate certificate, Clock clock) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static void wipe(char[] password) {
        if (password != null) {
            Arrays.fill(password, '\0');
        }
    }
}
