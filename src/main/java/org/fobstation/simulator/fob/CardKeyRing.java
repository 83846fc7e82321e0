package org.fobstation.simulator.fob;

import java.util.ArrayList;
import java.util.List;

/** The key sets of the security domain in the order they came; the first one is the default. Guarded by the fob. */
final class CardKeyRing {

    /** The version JCOP 4 leaves the factory with; the first key set put beside it takes its place. */
    private static final int FACTORY_KVN = 0xFF;

    private static final int AES = 0x88;

    private final List<CardKeySet> sets;

    CardKeyRing(List<CardKeySet> sets) {
        this.sets = new ArrayList<>(sets);
    }

    /** @param kvn a key version, or 00 for the default; 6A88 if there is none */
    CardKeySet find(int kvn) {
        for (CardKeySet set : sets) {
            if (kvn == 0 || set.kvn() == kvn) {
                return set;
            }
        }
        throw new CardRefusal(0x6A88);
    }

    boolean has(int kvn) {
        return versions().contains(kvn);
    }

    List<Integer> versions() {
        return sets.stream().map(CardKeySet::kvn).toList();
    }

    /**
     * Puts a key set in place.
     *
     * @param replacedKvn the version it replaces, 00 to add it
     */
    void put(int replacedKvn, CardKeySet set) {
        boolean sameVersion = replacedKvn == set.kvn();
        CardRefusal.unless(sameVersion || !has(set.kvn()), 0x6A80);
        if (replacedKvn != 0) {
            sets.set(sets.indexOf(find(replacedKvn)), set);
            return;
        }
        sets.removeIf(old -> old.kvn() == FACTORY_KVN);
        sets.add(set);
    }

    /** Tag E0 with one C0 { key id, KVN, type, length } for each key. */
    byte[] keyInformation() {
        List<byte[]> entries = new ArrayList<>();
        for (CardKeySet set : sets) {
            for (int id = 1; id <= 3; id++) {
                byte length = (byte) set.keys().length();
                entries.add(Tlv.of(0xC0, new byte[] {(byte) id, (byte) set.kvn(), (byte) AES, length}));
            }
        }
        return Tlv.of(0xE0, entries.toArray(byte[][]::new));
    }
}
