package org.fobstation.simulator.fob;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A key fob: an NFC card with an issuer security domain that speaks SCP03. Answers at once and never blocks; faults
 * and waiting are added around it ({@link CardFault}, {@link CardLatency}). Safe for any thread: tests look inside
 * while a reader's thread transmits.
 */
public final class VirtualFob implements VirtualCard {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final byte[] atr;
    private final byte[] uid;
    private final byte[] kdd;
    private final CardMemory memory;
    private final CardSession session;
    private final ChannelOpening opening;
    private final CardDispatcher dispatcher;
    private final List<String> received = new ArrayList<>();

    VirtualFob(
            byte[] atr,
            byte[] uid,
            byte[] kdd,
            CardMemory memory,
            CardSession session,
            ChannelOpening opening,
            CardDispatcher dispatcher) {
        this.atr = atr;
        this.uid = uid;
        this.kdd = kdd;
        this.memory = memory;
        this.session = session;
        this.opening = opening;
        this.dispatcher = dispatcher;
    }

    public static FobBuilder builder() {
        return new FobBuilder();
    }

    @Override
    public byte[] atr() {
        return atr.clone();
    }

    @Override
    public synchronized void powerOn() {
        session.clear();
    }

    @Override
    public synchronized void reset() {
        session.clear();
    }

    @Override
    public synchronized void powerOff() {
        session.clear();
    }

    @Override
    public synchronized byte[] transmit(byte[] command) {
        received.add(HEX.formatHex(command));
        return dispatcher.answer(command).encode();
    }

    /**
     * Makes the fob refuse an instruction from now on. A secured command is unwrapped first, so that the session goes
     * on as with a real refusal.
     *
     * @param ins INS, 0..FF
     * @param status the status word, an error
     */
    public synchronized void refuse(int ins, int status) {
        dispatcher.refuse(ins, status);
    }

    /** Takes {@link #refuse} back. */
    public synchronized void refuseNoLonger(int ins) {
        dispatcher.refuseNoLonger(ins);
    }

    /** The NFC UID in upper-case hex, empty if the fob gives none. */
    public String uid() {
        return HEX.formatHex(uid);
    }

    /** Key diversification data in upper-case hex, 20 digits. */
    public String kdd() {
        return HEX.formatHex(kdd);
    }

    /** Every command the fob saw, as it came, in upper-case hex, oldest first; a copy. */
    public synchronized List<String> received() {
        return List.copyOf(received);
    }

    /** Whether an EXTERNAL AUTHENTICATE ever succeeded. */
    public synchronized boolean everAuthenticated() {
        return opening.everAuthenticated();
    }

    /** Whether a secure session is open now. */
    public synchronized boolean inSession() {
        return session.channel() != null;
    }

    public synchronized LifeCycle lifeCycle() {
        return memory.lifeCycle();
    }

    /** KVNs of all key sets, the default one first. */
    public synchronized List<Integer> keyVersions() {
        return memory.keyRing().versions();
    }

    /** Whether the key set {@code kvn} is there and holds these keys. */
    public synchronized boolean holdsKeys(int kvn, CardKeys keys) {
        return memory.keyRing().has(kvn) && memory.keyRing().find(kvn).keys().equals(keys);
    }

    /** The keys of the key set {@code kvn}, which has to be there. */
    public synchronized CardKeys keysOf(int kvn) {
        return memory.keyRing().find(kvn).keys();
    }

    /** The counter of a key set as last used. */
    public synchronized int sequenceCounter(int kvn) {
        return memory.keyRing().find(kvn).sequenceCounter();
    }

    /** Failed authentications in a row with a key set. */
    public synchronized int failedAuthentications(int kvn) {
        return memory.keyRing().find(kvn).failures();
    }

    /** Complete STORE DATA payloads, oldest first; a copy. */
    public synchronized List<StoredData> storedData() {
        return List.copyOf(memory.stored());
    }

    /** What PUT DATA wrote: tag (P1 P2) to data in upper-case hex; a copy. */
    public synchronized Map<Integer, String> putData() {
        Map<Integer, String> copy = new LinkedHashMap<>();
        memory.putObjects().forEach((tag, value) -> copy.put(tag, HEX.formatHex(value)));
        return copy;
    }

    @Override
    public String toString() {
        return "virtual fob " + uid();
    }
}
