package org.fobstation.scp03;

import static org.fobstation.scp03.Scp03Exception.Fault.COMMAND_TOO_LONG;

import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.secret.SecretBytes;

/**
 * Data for the selected application, cut into STORE DATA blocks.
 *
 * <pre>
 * 80 E2 P1 P2 Lc data     P1: 80 last block, other bits as given     P2: block number from 00
 * </pre>
 *
 * A TLV or DGI that crosses a block goes on in the next one. One thread at a time.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.11"
 */
public final class StoreData {

    /** P2 counts to FF. */
    public static final int MAX_BLOCKS = 256;

    private static final int LAST_BLOCK = 0x80;
    private static final int ANSWER_EXPECTED = 0x01;

    private final int p1;
    private final SecretBytes data;
    private final int blockLength;

    private StoreData(int p1, SecretBytes data, int blockLength) {
        this.p1 = p1;
        this.data = data;
        this.blockLength = blockLength;
    }

    /**
     * How far the blocks came.
     *
     * @param blocks how many blocks were sent, the last answered one included, 1..256
     * @param answer the answer to the last block sent: all are through if it is 9000
     */
    public record Sent(int blocks, ResponseApdu answer) {}

    /**
     * @param p1 bit 80 is ignored, the others are kept: 60 encryption, 18 structure, 01 an answer with data is expected
     * @param data at least 1 byte; stays the caller's, open while the blocks are sent
     * @param blockLength most bytes of a block, 1..255: {@link SecurityLevel#maxShortData(Scp03Mode)}
     * @throws IllegalArgumentException if a value is out of range
     * @throws Scp03Exception COMMAND_TOO_LONG if that makes more than 256 blocks
     */
    public static StoreData of(int p1, SecretBytes data, int blockLength) throws Scp03Exception {
        if (p1 < 0 || p1 > 0xFF || blockLength < 1 || blockLength > 255) {
            throw new IllegalArgumentException(
                    "P1 is 0..255 and a block 1..255 bytes, not " + p1 + " and " + blockLength);
        }
        if (data.length() == 0) {
            throw new IllegalArgumentException("STORE DATA without data");
        }
        StoreData storeData = new StoreData(p1, data, blockLength);
        if (storeData.blocks() > MAX_BLOCKS) {
            throw Scp03Exception.of(
                    COMMAND_TOO_LONG,
                    data.length() + " bytes of data make " + storeData.blocks() + " STORE DATA blocks of " + blockLength
                            + " bytes, at most " + MAX_BLOCKS + " can be numbered");
        }
        return storeData;
    }

    /** How many blocks the data make, 1..256. */
    public int blocks() {
        return (data.length() + blockLength - 1) / blockLength;
    }

    /**
     * Sends the blocks in order and stops at the first answer that is not 9000.
     *
     * @throws TransportException if no answer came; the block may or may not be stored
     * @throws Scp03Exception if the session ended or cannot take a block of this length
     */
    public Sent send(SecureChannel channel) throws TransportException, Scp03Exception {
        int block = 0;
        ResponseApdu answer;
        do {
            int from = block * blockLength;
            int length = Math.min(blockLength, data.length() - from);
            answer = channel.transmit(header(block), data, from, length);
            block++;
        } while (answer.status().isSuccess() && block < blocks());
        return new Sent(block, answer);
    }

    private CommandApdu header(int block) {
        int last = block == blocks() - 1 ? LAST_BLOCK : 0;
        int ne = (p1 & ANSWER_EXPECTED) != 0 ? CommandApdu.NE_SHORT_MAX : 0;
        return CommandApdu.of(0x80, 0xE2, p1 & ~LAST_BLOCK | last, block, new byte[0], ne);
    }
}
