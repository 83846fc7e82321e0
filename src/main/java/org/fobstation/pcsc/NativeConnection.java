package org.fobstation.pcsc;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;

/**
 * An exclusive connection with a transaction. Its buffers are outside the heap, made once, and overwritten after each
 * command. Calls from several threads wait for one another, so that none uses a buffer that another has freed.
 */
final class NativeConnection implements CardConnection {

    /** An extended command: header, extended Lc, 65535 bytes of data, extended Le. */
    private static final int COMMAND_MAX = 4 + 3 + 65535 + 2;

    /** 65536 bytes of data and the status word. */
    private static final int ANSWER_MAX = 65536 + 2;

    private static final byte[] ZEROS = new byte[Math.max(COMMAND_MAX, ANSWER_MAX)];

    private final PcscAbi abi;
    private final PcscFunctions pcsc;
    private final long card;
    private final byte[] atr;
    private final Memory request;
    private final Memory command = new Memory(COMMAND_MAX);
    private final Memory answer = new Memory(ANSWER_MAX);
    private final Memory answerLength;

    /** The same memory again: the JVM reads and writes it without a native call. */
    private final ByteBuffer commandBytes = command.getByteBuffer(0, COMMAND_MAX);

    private final ByteBuffer answerBytes = answer.getByteBuffer(0, ANSWER_MAX);
    private boolean closed;

    private NativeConnection(PcscAbi abi, PcscFunctions pcsc, long card, int protocol, byte[] atr) {
        this.abi = abi;
        this.pcsc = pcsc;
        this.card = card;
        this.atr = atr;
        this.request = new Memory(abi.ioRequest());
        this.answerLength = abi.dwordOf(0);
        abi.putDword(request, 0, protocol);
        abi.putDword(request, abi.dword(), abi.ioRequest());
    }

    static NativeConnection open(PcscAbi abi, PcscFunctions pcsc, long context, String reader) throws PcscException {
        try (Memory name = abi.textOf(reader);
                Memory card = new Memory(PcscAbi.HANDLE);
                Memory protocol = abi.dwordOf(0)) {
            int code = pcsc.connect(
                    context, name, PcscFunctions.SHARE_EXCLUSIVE, PcscFunctions.PROTOCOL_T0_OR_T1, card, protocol);
            PcscException.check("SCardConnect", code);
            return begin(abi, pcsc, card.getLong(0), abi.getDword(protocol, 0));
        }
    }

    private static NativeConnection begin(PcscAbi abi, PcscFunctions pcsc, long card, int protocol)
            throws PcscException {
        boolean begun = false;
        try {
            PcscException.check("SCardBeginTransaction", pcsc.beginTransaction(card));
            NativeConnection connection = new NativeConnection(abi, pcsc, card, protocol, atr(abi, pcsc, card));
            begun = true;
            return connection;
        } finally {
            if (!begun) {
                pcsc.disconnect(card, pcsc.dispositionAtEnd());
            }
        }
    }

    private static byte[] atr(PcscAbi abi, PcscFunctions pcsc, long card) throws PcscException {
        try (Memory atr = new Memory(abi.atrCapacity());
                Memory length = abi.dwordOf(abi.atrCapacity())) {
            PcscException.check("SCardStatus", pcsc.status(card, atr, length));
            return atr.getByteArray(0, Math.min(abi.getDword(length, 0), abi.atrCapacity()));
        }
    }

    @Override
    public byte[] atr() {
        return atr.clone();
    }

    @Override
    public synchronized byte[] transmit(byte[] bytes) throws PcscException {
        if (closed) {
            throw new PcscException("SCardTransmit", PcscException.E_INVALID_HANDLE);
        }
        if (bytes.length < 4 || bytes.length > COMMAND_MAX) {
            throw new IllegalArgumentException("a command has 4.." + COMMAND_MAX + " bytes, not " + bytes.length);
        }
        int received = 0;
        try {
            commandBytes.put(0, bytes);
            abi.putDword(answerLength, 0, ANSWER_MAX);
            PcscException.check(
                    "SCardTransmit", pcsc.transmit(card, request, command, bytes.length, answer, answerLength));
            received = Math.min(abi.getDword(answerLength, 0), ANSWER_MAX);
            if (received == 0) {
                throw new PcscException("SCardTransmit", PcscException.W_REMOVED_CARD);
            }
            byte[] copy = new byte[received];
            answerBytes.get(0, copy);
            return copy;
        } finally {
            commandBytes.put(0, ZEROS, 0, bytes.length);
            answerBytes.put(0, ZEROS, 0, received);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Both fail where the fob or the service is gone. Then there is no session left to end.
        pcsc.endTransaction(card, PcscFunctions.LEAVE_CARD);
        pcsc.disconnect(card, pcsc.dispositionAtEnd());
        request.close();
        command.close();
        answer.close();
        answerLength.close();
    }
}
