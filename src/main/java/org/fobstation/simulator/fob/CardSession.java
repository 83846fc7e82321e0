package org.fobstation.simulator.fob;

/** What is lost without power: selection, handshake, secure channel, half-sent payloads. Guarded by the fob. */
final class CardSession {

    /** INITIALIZE UPDATE was answered, EXTERNAL AUTHENTICATE is awaited. */
    record Handshake(CardKeySet keySet, SessionSecrets secrets) {}

    private final byte[] isdAid;
    private final StoreDataBuffer storeData = new StoreDataBuffer();
    private final StatusPages statusPages = new StatusPages();
    private byte[] selected;
    private byte[] target;
    private Handshake handshake;
    private CardSecureChannel channel;
    private CardKeys keys;

    CardSession(byte[] isdAid) {
        this.isdAid = isdAid;
        clear();
    }

    /** As after a reset: the issuer security domain selected, nothing open. */
    void clear() {
        select(isdAid);
    }

    /** Selects; ends a session whatever was selected before. */
    void select(byte[] aid) {
        selected = aid;
        handshake = null;
        close();
    }

    boolean isSecurityDomainSelected() {
        return selected == isdAid;
    }

    /** Begins a handshake; ends a session that is open. */
    void begin(Handshake next) {
        close();
        handshake = next;
    }

    /** The handshake under way, null if none. It is over with the next command, whatever that is. */
    Handshake takeHandshake() {
        Handshake taken = handshake;
        handshake = null;
        return taken;
    }

    void open(CardSecureChannel opened, CardKeys sessionKeys) {
        channel = opened;
        keys = sessionKeys;
    }

    /** The secure channel, null if none is open. */
    CardSecureChannel channel() {
        return channel;
    }

    /** The static keys the session was opened with, even if they were replaced since. */
    CardKeys keys() {
        return keys;
    }

    /** Ends the secure session; the selection stays. */
    void close() {
        channel = null;
        keys = null;
        target = isdAid;
        storeData.clear();
        statusPages.clear();
    }

    /** AID of whom the next STORE DATA sequence is for. */
    byte[] target() {
        return target;
    }

    void personalize(byte[] aid) {
        target = aid;
        storeData.clear();
    }

    StoreDataBuffer storeData() {
        return storeData;
    }

    StatusPages statusPages() {
        return statusPages;
    }
}
