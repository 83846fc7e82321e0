package org.fobstation.simulator.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A certification authority with what it issued for one key server and one station, EC P-256, valid for a day. Every one
 * has the same CA name and another key, so that two of them do not trust each other although the names match.
 */
public final class TestPki {

    private static final Duration LIFE = Duration.ofDays(1);

    private final TestAuthority authority;

    private TestPki(TestAuthority authority) {
        this.authority = authority;
    }

    /** A new CA with a new key. */
    public static TestPki create() {
        return new TestPki(TestAuthority.create(LIFE));
    }

    /**
     * Writes {@code station.p12} (the station's key and certificate) and {@code trust.p12} (this CA) into a folder.
     *
     * @return the files with their passwords, drawn at random
     */
    public StationStores writeStationStores(Path folder) throws IOException {
        return write(folder, station(Instant.now().plus(LIFE)), authority);
    }

    /** As {@link #writeStationStores}, with a station certificate that expired an hour ago. */
    public StationStores writeExpiredStationStores(Path folder) throws IOException {
        return write(folder, station(Instant.now().minus(Duration.ofHours(1))), authority);
    }

    /** As {@link #writeStationStores}, but the station trusts {@code other} and not this CA. */
    public StationStores writeStationStoresTrusting(TestPki other, Path folder) throws IOException {
        return write(folder, station(Instant.now().plus(LIFE)), other.authority);
    }

    /** A key server's TLS for {@code localhost} and {@code 127.0.0.1}; trusts clients of this CA. */
    public SSLContext serverContext() {
        return context(server(Instant.now().plus(LIFE), localNames()));
    }

    /** A key server's TLS whose certificate expired an hour ago. */
    public SSLContext expiredServerContext() {
        return context(server(Instant.now().minus(Duration.ofHours(1)), localNames()));
    }

    /** A key server's TLS whose certificate names another host only. */
    public SSLContext serverContextFor(String host) {
        return context(server(Instant.now().plus(LIFE), List.of(new GeneralName(GeneralName.dNSName, host))));
    }

    private TestIdentity station(Instant until) {
        return authority.issue("Fob station", List.of(), TestAuthority.Role.CLIENT, until);
    }

    private TestIdentity server(Instant until, List<GeneralName> names) {
        return authority.issue("Embedded KLMS", names, TestAuthority.Role.SERVER, until);
    }

    private static List<GeneralName> localNames() {
        return List.of(
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    private static StationStores write(Path folder, TestIdentity own, TestAuthority trusted) throws IOException {
        StationStores stores = StationStores.in(folder, new SecureRandom());
        own.write(stores.keyStore(), stores.keyStorePassword());
        trusted.write(stores.trustStore(), stores.trustStorePassword());
        return stores;
    }

    private SSLContext context(TestIdentity server) {
        try {
            char[] none = new char[0];
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(server.keyStore(none), none);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            KeyStore trusted = authority.trustStore();
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java can do this", e);
        }
    }
}
