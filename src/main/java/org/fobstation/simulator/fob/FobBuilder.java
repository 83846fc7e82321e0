package org.fobstation.simulator.fob;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Says what kind of fob {@link #build()} makes. Without any call: a JCOP 4 fresh from the factory with a random 7-byte
 * UID, the test keys under KVN 01, {@code i}=70, in OP_READY. All text is hex. One thread.
 */
public final class FobBuilder {

    private static final HexFormat HEX = HexFormat.of();

    private final List<CardKeySet> keySets = new ArrayList<>();
    private final List<byte[]> applets = new ArrayList<>();
    private final Map<Integer, byte[]> objects = new HashMap<>();
    private RandomGenerator random = new SecureRandom();
    private byte[] uid;
    private byte[] atr = HEX.parseHex(FactoryData.ATR_CONTACTLESS);
    private byte[] kdd;
    private byte[] cplc;
    private byte[] isdAid = HEX.parseHex(FactoryData.ISD_AID);
    private byte[] isdPrivileges = HEX.parseHex(FactoryData.ISD_PRIVILEGES);
    private byte[] storeDataAnswer = new byte[0];
    private LifeCycle lifeCycle = LifeCycle.OP_READY;
    private int i = 0x70;
    private boolean levelsBeyondI;
    private boolean counterWithDataOnly;
    private boolean padEmpty;
    private boolean putKeyWithoutInnerLength;
    private boolean extendedLength;
    private int failureLimit = 65;
    private boolean startedSessionCounts;
    private int authenticationFailureStatus = 0x6300;
    private int keyCheckFailureStatus = 0x6982;
    private int memory = 32768;

    FobBuilder() {}

    /** The NFC UID, 4, 7 or 10 bytes; empty for a card that gives none. */
    public FobBuilder uid(String hex) {
        uid = HEX.parseHex(hex);
        if (uid.length != 0 && uid.length != 4 && uid.length != 7 && uid.length != 10) {
            throw new IllegalArgumentException("a UID has 4, 7 or 10 bytes, not " + uid.length);
        }
        return this;
    }

    /** The answer to reset, 2..33 bytes; default that of a contactless JCOP 4. */
    public FobBuilder atr(String hex) {
        atr = HEX.parseHex(hex);
        return this;
    }

    /** Key diversification data, 10 bytes; default from the CPLC data. */
    public FobBuilder kdd(String hex) {
        kdd = HEX.parseHex(hex);
        if (kdd.length != 10) {
            throw new IllegalArgumentException("the KDD has 10 bytes, not " + kdd.length);
        }
        return this;
    }

    /** The CPLC data with tag and length; default with the end of the UID as serial number. */
    public FobBuilder cplc(String hex) {
        cplc = HEX.parseHex(hex);
        return this;
    }

    /** AID of the issuer security domain, 5..16 bytes; goes into the pseudo-random card challenge too. */
    public FobBuilder isdAid(String hex) {
        isdAid = HEX.parseHex(hex);
        return this;
    }

    /** The 3 privilege bytes GET STATUS shows for the issuer security domain. */
    public FobBuilder isdPrivileges(String hex) {
        isdPrivileges = HEX.parseHex(hex);
        return this;
    }

    /** Adds a key set never used. The first one added is the default; without any, the test keys under KVN 01. */
    public FobBuilder keySet(int kvn, CardKeys keys) {
        return keySet(kvn, keys, 0);
    }

    /**
     * Adds a key set.
     *
     * @param kvn 01..7F, or FF
     * @param sequenceCounter the value last used, 0..FFFFFF; the next INITIALIZE UPDATE shows one more
     */
    public FobBuilder keySet(int kvn, CardKeys keys, int sequenceCounter) {
        keySets.add(new CardKeySet(kvn, keys, sequenceCounter));
        return this;
    }

    /** Adds an applet, selectable and personalizable, AID of 5..16 bytes. */
    public FobBuilder applet(String aid) {
        applets.add(HEX.parseHex(aid));
        return this;
    }

    /** What GET DATA answers for a tag, with tag and length as it goes over the air. */
    public FobBuilder dataObject(int tag, String hex) {
        objects.put(tag, HEX.parseHex(hex));
        return this;
    }

    /** Response data of a complete STORE DATA sequence with P1 bit 01; default none. */
    public FobBuilder storeDataAnswer(String hex) {
        storeDataAnswer = HEX.parseHex(hex);
        return this;
    }

    public FobBuilder lifeCycle(LifeCycle state) {
        lifeCycle = state;
        return this;
    }

    /** The {@code i} parameter: 01 S16 mode, 10 pseudo-random challenge, 20 R-MAC, 40 R-ENC. */
    public FobBuilder i(int parameter) {
        i = parameter;
        return this;
    }

    /** Allows R-MAC and R-ENC even if {@code i} does not announce them, as SE05x does. */
    public FobBuilder levelsBeyondI() {
        levelsBeyondI = true;
        return this;
    }

    /** Deviation: commands without data leave the encryption counter alone. */
    public FobBuilder counterWithDataOnly() {
        counterWithDataOnly = true;
        return this;
    }

    /** Deviation: takes empty data that were padded and encrypted. */
    public FobBuilder padEmpty() {
        padEmpty = true;
        return this;
    }

    /** Takes PUT KEY fields of the form {@code 88 10 C 03 KCV} too. */
    public FobBuilder putKeyWithoutInnerLength() {
        putKeyWithoutInnerLength = true;
        return this;
    }

    /** Takes extended-length commands; otherwise 6700. */
    public FobBuilder extendedLength() {
        extendedLength = true;
        return this;
    }

    /** After so many failed authentications in a row a key set is blocked (6983); default 65. */
    public FobBuilder failureLimit(int limit) {
        failureLimit = limit;
        return this;
    }

    /** Counts an INITIALIZE UPDATE as a failure until EXTERNAL AUTHENTICATE succeeds. */
    public FobBuilder startedSessionCounts() {
        startedSessionCounts = true;
        return this;
    }

    /** Answer to a wrong EXTERNAL AUTHENTICATE: 6300 (default, the standard) or 6982 (seen on JCOP). */
    public FobBuilder authenticationFailureStatus(int status) {
        authenticationFailureStatus = status;
        return this;
    }

    /** Answer to a wrong KCV in PUT KEY: 6982 (default) or 9485. */
    public FobBuilder keyCheckFailureStatus(int status) {
        keyCheckFailureStatus = status;
        return this;
    }

    /** Room for payloads in bytes; default 32768. */
    public FobBuilder memory(int bytes) {
        memory = bytes;
        return this;
    }

    /** Where a random card challenge and a missing UID come from; default {@link SecureRandom}. */
    public FobBuilder random(RandomGenerator source) {
        random = source;
        return this;
    }

    public VirtualFob build() {
        byte[] ownUid = uid == null ? randomUid() : uid;
        byte[] ownCplc = cplc == null ? FactoryData.cplc(ownUid) : cplc;
        byte[] ownKdd = kdd == null ? FactoryData.kdd(ownCplc) : kdd;
        Map<Integer, byte[]> factoryObjects = FactoryData.objects(ownCplc, ownKdd);
        factoryObjects.putAll(objects);
        List<CardKeySet> sets = keySets.isEmpty() ? List.of(new CardKeySet(0x01, CardKeys.TEST, 0)) : keySets;
        CardMemory cardMemory = new CardMemory(new CardKeyRing(copies(sets)), factoryObjects, lifeCycle, memory);
        CardSession session = new CardSession(isdAid);
        CardRegistry registry = new CardRegistry(isdAid, isdPrivileges, List.copyOf(applets));
        FobFeatures features = features();
        ChannelOpening opening = new ChannelOpening(features, ownKdd, isdAid, random, cardMemory, session);
        CardDispatcher dispatcher = new CardDispatcher(
                features,
                ownUid,
                cardMemory,
                session,
                new ApplicationSelection(registry, cardMemory, session),
                opening,
                new SecurityDomain(features, registry, cardMemory, session, storeDataAnswer));
        return new VirtualFob(atr, ownUid, ownKdd, cardMemory, session, opening, dispatcher);
    }

    /** 7 bytes beginning with NXP's manufacturer code. */
    private byte[] randomUid() {
        byte[] drawn = new byte[7];
        random.nextBytes(drawn);
        drawn[0] = 0x04;
        return drawn;
    }

    /** Each fob counts for itself, also if one builder makes several. */
    private static List<CardKeySet> copies(List<CardKeySet> sets) {
        return sets.stream()
                .map(set -> new CardKeySet(set.kvn(), set.keys(), set.sequenceCounter()))
                .toList();
    }

    private FobFeatures features() {
        return new FobFeatures(
                i,
                levelsBeyondI,
                counterWithDataOnly,
                padEmpty,
                putKeyWithoutInnerLength,
                extendedLength,
                failureLimit,
                startedSessionCounts,
                authenticationFailureStatus,
                keyCheckFailureStatus);
    }
}
