package org.fobstation.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which key sets a card says it holds. Readable without authentication, and authenticated by nobody.
 *
 * <pre>
 * E0 len { C0 len key id | KVN | type | length ... }*       type 88 AES, 80..84 DES; FF: two bytes more follow
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.3.3.1, tables 11-27 and 11-28"
 */
final class KeyInformation {

    private static final int TEMPLATE = 0xE0;
    private static final int KEY = 0xC0;
    private static final int EXTENDED = 0xFF;
    private static final int DES_FIRST = 0x80;
    private static final int DES_LAST = 0x84;

    private record Key(int kvn, int type) {
        boolean isDes() {
            return type >= DES_FIRST && type <= DES_LAST;
        }
    }

    private final List<Key> keys;

    private KeyInformation(List<Key> keys) {
        this.keys = keys;
    }

    /** @return empty if the answer to GET DATA E0 does not hold exactly the form above, or no key */
    static Optional<KeyInformation> parse(byte[] answer) {
        TlvCursor cursor = new TlvCursor(answer);
        if (!cursor.next() || cursor.tag() != TEMPLATE || cursor.end() != answer.length) {
            return Optional.empty();
        }
        List<Key> keys = new ArrayList<>();
        TlvCursor entries = cursor.into();
        while (entries.next()) {
            byte[] entry = entries.value();
            if (entries.tag() != KEY || entry.length < 4) {
                return Optional.empty();
            }
            int type = entry[2] & 0xFF;
            keys.add(new Key(entry[1] & 0xFF, type == EXTENDED ? entry[3] & 0xFF : type));
        }
        return keys.isEmpty() || !entries.isAtEnd() ? Optional.empty() : Optional.of(new KeyInformation(keys));
    }

    boolean holds(int kvn) {
        return versions().contains(kvn);
    }

    /** Whether all keys of that version, or all keys where there is no such version, are for DES. */
    boolean isForDes(int kvn) {
        return keys.stream().filter(key -> !holds(kvn) || key.kvn() == kvn).allMatch(Key::isDes);
    }

    /** The versions beside one. */
    SortedSet<Integer> beside(int kvn) {
        SortedSet<Integer> others = versions();
        others.remove(kvn);
        return others;
    }

    private SortedSet<Integer> versions() {
        return keys.stream().map(Key::kvn).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The versions in hex. */
    @Override
    public String toString() {
        return text(versions());
    }

    static String text(SortedSet<Integer> versions) {
        return versions.stream().map(kvn -> String.format("%02X", kvn)).collect(Collectors.joining(", ", "KVN ", ""));
    }
}
