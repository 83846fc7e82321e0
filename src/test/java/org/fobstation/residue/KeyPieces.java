package org.fobstation.residue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Every 8-byte piece of many keys and of their AES key schedules, to be looked up at any byte of a memory. */
final class KeyPieces {

    /** Bytes of a piece. */
    static final int WIDTH = 8;

    /** Of a key of 32 bytes. */
    private static final int PIECES_MAX = 32 - WIDTH + 1;

    /** Two directions, 15 rows of a key of 32 bytes, three pairs of words in each, two byte orders. */
    private static final int SCHEDULE_PIECES_MAX = 2 * 15 * 3 * 2;

    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

    private final List<KnownKey> keys;
    private final PieceTable ofKeys;
    private final PieceTable ofSchedules;

    KeyPieces(List<KnownKey> keys) {
        this.keys = List.copyOf(keys);
        ofKeys = new PieceTable(keys.size() * PIECES_MAX);
        ofSchedules = new PieceTable(keys.size() * SCHEDULE_PIECES_MAX);
        for (int key = 0; key < keys.size(); key++) {
            byte[] bytes = keys.get(key).bytes();
            ByteBuffer raw = ByteBuffer.wrap(bytes);
            for (int at = 0; at <= bytes.length - WIDTH; at++) {
                ofKeys.put(raw.getLong(at), 1 + key * PIECES_MAX + at);
            }
            putRows(Schedules.of(bytes, true), 1 + key * PIECES_MAX);
            putRows(Schedules.of(bytes, false), 1 + key * PIECES_MAX);
        }
    }

    private void putRows(int[][] schedule, int code) {
        for (int[] row : schedule) {
            for (ByteOrder order : ORDERS) {
                ByteBuffer words =
                        ByteBuffer.allocate(Integer.BYTES * row.length).order(order);
                for (int word : row) {
                    words.putInt(word);
                }
                words.order(ByteOrder.BIG_ENDIAN);
                for (int word = 0; word < row.length - 1; word++) {
                    ofSchedules.put(words.getLong(word * Integer.BYTES), code + word);
                }
            }
        }
    }

    /** 0 if no key has this piece; else for {@link #key} and {@link #offset}. */
    int find(long piece) {
        return ofKeys.find(piece);
    }

    /** As {@link #find}, for two words of a schedule; the offset is the first one's column, 0 to 2. */
    int findInSchedule(long twoWords) {
        return ofSchedules.find(twoWords);
    }

    KnownKey key(int code) {
        return keys.get((code - 1) / PIECES_MAX);
    }

    /** Which piece of the key it is: the index of its first byte. */
    int offset(int code) {
        return (code - 1) % PIECES_MAX;
    }
}
