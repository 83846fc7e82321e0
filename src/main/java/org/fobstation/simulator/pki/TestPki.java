package org.fobstation.simulator.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A certification authority with what it issued for one key server and one station, EC P-256, valid for 90 days. Every
 * one has the same CA name and another key, so that two of them do not trust each other although the names match.
 */
public final class TestPki {

    private static final Duration LIFE = Duration.ofDays(90);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private static final String STATION = "Fob station";

    private final TestAuthority authority;

    private TestPki(TestAuthority authority) {
        this.authority = authority;
    }

    /** A new CA with a new key. */
    public static TestPki create() {
        return new TestPki(TestAuthority.create(now()));
    }

    /**
     * Writes {@code station.p12} (the station's key and certificate) and {@code trust.p12} (this CA) into a folder.
     *
     * @return the files with their passwords, drawn at random
     */
    public StationStores writeStationStores(Path folder) throws IOException {
        return write(folder, station(now()), authority);
    }

    /** As {@link #writeStationStores}, with a station certificate that expired an hour ago. */
    public StationStores writeExpiredStationStores(Path folder) throws IOException {
        return write(folder, station(over()), authority);
    }

    /** As {@link #writeStationStores}, but the station trusts {@code other} and not this CA. */
    public StationStores writeStationStoresTrusting(TestPki other, Path folder) throws IOException {
        return write(folder, station(now()), other.authority);
    }

    /** Writes a new key with a certificate of this CA into {@code station.p12}, under the same password. */
    public void renewStationKey(StationStores stores) throws IOException {
        station(now()).write(stores.keyStore(), stores.keyStorePassword());
    }

    /** As {@link #renewStationKey}, with a certificate that expired an hour ago. */
    public void renewStationKeyExpired(StationStores stores) throws IOException {
        station(over()).write(stores.keyStore(), stores.keyStorePassword());
    }

    /** Writes this CA alone into {@code trust.p12}, under the same password. */
    public void renewTrust(StationStores stores) throws IOException {
        authority.write(stores.trustStore(), stores.trustStorePassword());
    }

    /** A station's certificate for a key that is somewhere else, and the CA's behind it. */
    public List<X509Certificate> stationChain(PublicKey key) {
        return List.of(
                authority.certify(key, STATION, List.of(), TestAuthority.Role.CLIENT, now()), authority.certificate());
    }

    /** A key server's TLS for {@code localhost} and {@code 127.0.0.1}; trusts clients of this CA. */
    public SSLContext serverContext() {
        return context(server(now(), localNames()));
    }

    /** A key server's TLS whose certificate expired an hour ago. */
    public SSLContext expiredServerContext() {
        return context(server(over(), localNames()));
    }

    /** A key server's TLS whose certificate begins in an hour. */
    public SSLContext futureServerContext() {
        Instant now = Instant.now();
        return context(server(new TestAuthority.Term(now.plus(HOUR), now.plus(LIFE)), localNames()));
    }

    /** A key server's TLS whose certificate names another host only. */
    public SSLContext serverContextFor(String host) {
        return context(server(now(), List.of(new GeneralName(GeneralName.dNSName, host))));
    }

    /** A key server's TLS whose certificate is one for clients. */
    public SSLContext clientPurposeServerContext() {
        return context(authority.issue("Embedded KLMS", localNames(), TestAuthority.Role.CLIENT, now()));
    }

    private TestIdentity station(TestAuthority.Term term) {
        return authority.issue(STATION, List.of(), TestAuthority.Role.CLIENT, term);
    }

    private TestIdentity server(TestAuthority.Term term, List<GeneralName> names) {
        return authority.issue("Embedded KLMS", names, TestAuthority.Role.SERVER, term);
    }

    private static TestAuthority.Term now() {
        Instant now = Instant.now();
        return new TestAuthority.Term(now.minus(DAY), now.plus(LIFE));
    }

    private static TestAuthority.Term over() {
        Instant now = Instant.now();
        return new TestAuthority.Term(now.minus(DAY), now.minus(HOUR));
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
