package org.fobstation.simulator.fob;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.fobstation.apdu.CommandApdu;

/**
 * Collects the blocks of one STORE DATA sequence. Block numbers start at 00 and rise by one; any error drops what came.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.11"
 */
final class StoreDataBuffer {

    private static final int LAST_BLOCK = 0x80;
    private static final int ENCRYPTION = 0x60;
    private static final int STRUCTURE = 0x18;
    private static final int RESERVED = 0x06;
    private static final int DGI = 0x08;
    private static final int BER_TLV = 0x10;
    private static final int BLOCKS_MAX = 256;

    /** A complete sequence: P1 of the first block without the last-block bit, and all data. */
    record Complete(int p1, byte[] data) {}

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private int nextBlock;
    private int firstP1;

    /**
     * Takes a block.
     *
     * @param room bytes the card still has
     * @return the whole once the last block is here
     */
    Optional<Complete> accept(CommandApdu command, int room) {
        boolean accepted = false;
        try {
            Optional<Complete> complete = take(command, room);
            accepted = complete.isEmpty();
            return complete;
        } finally {
            if (!accepted) {
                clear();
            }
        }
    }

    private Optional<Complete> take(CommandApdu command, int room) {
        int p1 = command.p1();
        CardRefusal.unless((p1 & RESERVED) == 0, 0x6A86);
        CardRefusal.unless((p1 & ENCRYPTION) != 0x40 && (p1 & STRUCTURE) != STRUCTURE, 0x6A86);
        CardRefusal.unless(command.dataLength() > 0, 0x6700);
        CardRefusal.unless(nextBlock < BLOCKS_MAX && command.p2() == nextBlock, 0x6985);
        CardRefusal.unless(collected.size() + command.dataLength() <= room, 0x6A84);
        if (nextBlock == 0) {
            firstP1 = p1 & ~LAST_BLOCK;
        }
        collected.writeBytes(command.data());
        nextBlock++;
        if ((p1 & LAST_BLOCK) == 0) {
            return Optional.empty();
        }
        byte[] whole = collected.toByteArray();
        int structure = firstP1 & STRUCTURE;
        CardRefusal.unless(structure != DGI || DataStructure.isDgiSequence(whole), 0x6A80);
        CardRefusal.unless(structure != BER_TLV || DataStructure.isTlvSequence(whole), 0x6A80);
        return Optional.of(new Complete(firstP1, whole));
    }

    /** Forgets the blocks so far; the next one must be number 00. */
    void clear() {
        collected.reset();
        nextBlock = 0;
    }
}
