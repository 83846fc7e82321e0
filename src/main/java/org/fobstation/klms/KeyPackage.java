package org.fobstation.klms;

import java.time.Duration;
import java.util.Objects;
import org.fobstation.scp03.StaticKeys;

/**
 * The KLMS's answer to a key request: the fob's static keys and the payload for it. Serves one session. Closing wipes
 * keys and payload; prints nothing of them. It is a body in YAML routes, whose expressions may call every method that
 * is not private with what is at hand there: keys and payload are given to a {@link Custodian} only.
 */
public final class KeyPackage implements KlmsAnswer, AutoCloseable {

    /**
     * Who is trusted with keys and payload. Only code of this program has one: whoever makes one keeps it in a private
     * field, and puts it into no registry, exchange or public constant.
     */
    public interface Custodian {}

    private final String transactionId;
    private final int keyVersion;
    private final StaticKeys staticKeys;
    private final Payload payload;
    private final long receivedNanos;

    /**
     * @param transactionId matches {@code [A-Za-z0-9._-]{1,64}}
     * @param keyVersion KVN of the static keys, 1..255
     * @param staticKeys owned from here on
     * @param payload owned from here on
     * @param receivedNanos {@link System#nanoTime()} when the answer arrived
     */
    public KeyPackage(
            String transactionId, int keyVersion, StaticKeys staticKeys, Payload payload, long receivedNanos) {
        this.transactionId = Objects.requireNonNull(transactionId);
        this.keyVersion = keyVersion;
        this.staticKeys = Objects.requireNonNull(staticKeys);
        this.payload = Objects.requireNonNull(payload);
        this.receivedNanos = receivedNanos;
    }

    public String transactionId() {
        return transactionId;
    }

    /** KVN of the static keys, 1..255. */
    public int keyVersion() {
        return keyVersion;
    }

    /** @throws NullPointerException without a custodian */
    public StaticKeys staticKeys(Custodian custodian) {
        Objects.requireNonNull(custodian);
        return staticKeys;
    }

    /** @throws NullPointerException without a custodian */
    public Payload payload(Custodian custodian) {
        Objects.requireNonNull(custodian);
        return payload;
    }

    /** How long ago the answer arrived, on the monotonic clock. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - receivedNanos);
    }

    @Override
    public void close() {
        staticKeys.close();
        payload.data().close();
    }

    /** The transaction id only. */
    @Override
    public String toString() {
        return "key package " + transactionId;
    }
}
