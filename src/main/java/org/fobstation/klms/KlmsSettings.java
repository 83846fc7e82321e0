package org.fobstation.klms;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How the station reaches its key server. Checked on construction; the stores are opened by {@link
 * KlmsConnection#open}.
 *
 * @param url {@code https://host[:port][/path]}, without a slash at its end
 * @param keysPath where key requests go, starts with a slash
 * @param auditPath where audits go, starts with a slash
 * @param tls with what both sides prove themselves
 * @param connectTimeout longest wait for a free connection of the pool, for a name lookup, for one connection and for one
 *     step of its TLS handshake, 1 ms to 10 minutes
 * @param answerTimeout longest time from the first attempt to connect to the last byte of the answer, same range; a name
 *     server that hangs may add one connectTimeout
 * @param poolSize most connections at a time, 1..100; one for each reader and one for audits is enough
 * @param uidFormat how fobs are named to the key server
 */
public record KlmsSettings(
        URI url,
        String keysPath,
        String auditPath,
        TlsSettings tls,
        Duration connectTimeout,
        Duration answerTimeout,
        int poolSize,
        UidFormat uidFormat) {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException naming the setting, what is wrong with it and what it should be */
    public KlmsSettings {
        requireUrl(url);
        requirePath("klms.keys-path", keysPath);
        requirePath("klms.audit-path", auditPath);
        Objects.requireNonNull(tls, "stores");
        requireDuration("klms.connect-timeout", connectTimeout);
        requireDuration("klms.answer-timeout", answerTimeout);
        if (poolSize < 1 || poolSize > 100) {
            throw new IllegalArgumentException("klms.pool-size: 1..100, not " + poolSize);
        }
        Objects.requireNonNull(uidFormat, "klms.uid-format");
    }

    private static void requireUrl(URI url) {
        Objects.requireNonNull(url, "klms.url");
        // Key requests never travel without TLS, so http is refused here and not only by the server.
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("klms.url: write https://host:port, not " + url);
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("klms.url: leave user, query and fragment out");
        }
        if (url.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("klms.url: leave the slash at its end out, the paths begin with one");
        }
    }

    private static void requirePath(String name, String path) {
        Objects.requireNonNull(path, name);
        if (!path.matches("/[A-Za-z0-9._~/-]*")) {
            throw new IllegalArgumentException(
                    name + ": a path starts with a slash and holds letters, digits and ._~/- only, not " + path);
        }
    }

    private static void requireDuration(String name, Duration duration) {
        Objects.requireNonNull(duration, name);
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": 1 ms to 10 minutes, not " + duration);
        }
    }

    /** Where key requests go. */
    public URI keysUrl() {
        return URI.create(url + keysPath);
    }

    /** Where audits go. */
    public URI auditUrl() {
        return URI.create(url + auditPath);
    }

    /** Without where the passwords come from. */
    @Override
    public String toString() {
        return "key server " + url + ", " + tls.protocols() + ", fobs named " + uidFormat.key();
    }
}
