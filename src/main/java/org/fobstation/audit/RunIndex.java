package org.fobstation.audit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * From a UID to the place of a journal line. Holds two numbers for each UID instead of objects, because a station keeps
 * a million of them and more. UIDs are known by a 64-bit hash: whoever follows a place compares the UID found there.
 */
final class RunIndex {

    private static final int FIRST_CAPACITY = 1024;

    private long[] keys = new long[FIRST_CAPACITY];
    private long[] places = new long[FIRST_CAPACITY];
    private int size;

    /** @param place not 0; replaces an earlier one of the same UID */
    void put(String fobUid, long place) {
        put(key(fobUid), place);
    }

    private void put(long key, long place) {
        if (3 * (size + 1) > 2 * keys.length) {
            grow();
        }
        if (put(keys, places, key, place)) {
            size++;
        }
    }

    /** The place put last for the UID, 0 if none. */
    long get(String fobUid) {
        return places[slot(keys, places, key(fobUid))];
    }

    /** Writes all there is; {@link #readFrom} makes an equal one of it. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(size);
        for (int i = 0; i < keys.length; i++) {
            if (places[i] != 0) {
                out.writeLong(keys[i]);
                out.writeLong(places[i]);
            }
        }
    }

    /** Adds what {@link #writeTo} wrote. */
    void readFrom(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            put(in.readLong(), in.readLong());
        }
    }

    private void grow() {
        long[] moreKeys = new long[2 * keys.length];
        long[] morePlaces = new long[2 * places.length];
        for (int i = 0; i < keys.length; i++) {
            if (places[i] != 0) {
                put(moreKeys, morePlaces, keys[i], places[i]);
            }
        }
        keys = moreKeys;
        places = morePlaces;
    }

    private static boolean put(long[] keys, long[] places, long key, long place) {
        int slot = slot(keys, places, key);
        boolean isNew = places[slot] == 0;
        keys[slot] = key;
        places[slot] = place;
        return isNew;
    }

    /** Where the key is, or the free slot where it belongs. */
    private static int slot(long[] keys, long[] places, long key) {
        int slot = (int) key & keys.length - 1;
        while (places[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    /** 64 bits that stand for a text. */
    static long key(String text) {
        byte[] digest = HashChain.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        long key = 0;
        for (byte b : Arrays.copyOf(digest, Long.BYTES)) {
            key = key << 8 | b & 0xFF;
        }
        return key;
    }
}
