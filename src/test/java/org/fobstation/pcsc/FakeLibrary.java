package org.fobstation.pcsc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A PC/SC library that reads and writes raw memory at offsets written down here, independently of {@link PcscAbi}. So
 * the Windows layout is tested on every system.
 */
class FakeLibrary implements PcscFunctions {

    static final long CONTEXT = 0x1122334455667788L;
    static final long CARD = 0x7766554433221100L;

    private final boolean windows;
    final List<String> calls = new ArrayList<>();
    final List<String> readers = new ArrayList<>(List.of("Reader Ü PICC 0", "Reader SAM 0"));
    int result;
    int eventWord = 0x00030022;
    byte[] atr = {0x3B, (byte) 0x80};
    byte[] answer = {(byte) 0x90, 0};
    byte[] lastCommand;
    Pointer commandBuffer;

    FakeLibrary(boolean windows) {
        this.windows = windows;
    }

    private int dword(Pointer at) {
        return windows ? at.getInt(0) : Math.toIntExact(at.getLong(0));
    }

    private void dword(Pointer at, long offset, int value) {
        if (windows) {
            at.setInt(offset, value);
        } else {
            at.setLong(offset, Integer.toUnsignedLong(value));
        }
    }

    private Charset text() {
        return windows ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }

    private String text(Pointer at) {
        int unit = windows ? 2 : 1;
        int end = 0;
        while (at.getByte(end) != 0 || at.getByte(end + unit - 1) != 0) {
            end += unit;
        }
        return new String(at.getByteArray(0, end), text());
    }

    private int next() {
        int code = result;
        result = 0;
        return code;
    }

    @Override
    public int dispositionAtEnd() {
        return windows ? 1 : 0;
    }

    @Override
    public int establishContext(int scope, Pointer context) {
        calls.add("establish " + scope);
        context.setLong(0, CONTEXT);
        return next();
    }

    @Override
    public int releaseContext(long context) {
        calls.add("release " + (context == CONTEXT));
        return next();
    }

    @Override
    public int listReaders(long context, Pointer into, Pointer length) {
        if (readers.isEmpty()) {
            return PcscException.E_NO_READERS_AVAILABLE;
        }
        byte[] all = (String.join("\0", readers) + "\0\0").getBytes(text());
        int characters = windows ? all.length / 2 : all.length;
        boolean fits = into == null || dword(length) >= characters;
        dword(length, 0, characters);
        if (!fits) {
            return PcscException.E_INSUFFICIENT_BUFFER;
        }
        if (into != null) {
            into.write(0, all, 0, all.length);
        } else if (calls.remove("plug another in meanwhile")) {
            readers.add("Reader come late 0");
        }
        return next();
    }

    @Override
    public int getStatusChange(long context, int timeoutMillis, Pointer states, int count) {
        for (int i = 0; i < count; i++) {
            Pointer state = states.share(i * (windows ? 64L : 80L));
            int current = windows ? state.getInt(16) : (int) state.getLong(16);
            calls.add("wait " + timeoutMillis + " for " + text(state.getPointer(0)) + String.format(" %08X", current));
            dword(state, windows ? 20 : 24, eventWord);
            dword(state, windows ? 24 : 32, atr.length);
            state.write(windows ? 28 : 40, atr, 0, atr.length);
        }
        return next();
    }

    @Override
    public int cancel(long context) {
        calls.add("cancel " + (context == CONTEXT));
        return next();
    }

    @Override
    public int connect(long context, Pointer reader, int share, int protocols, Pointer card, Pointer protocol) {
        calls.add("connect " + text(reader) + " share " + share + " protocols " + protocols);
        card.setLong(0, CARD);
        dword(protocol, 0, 2);
        return next();
    }

    @Override
    public int disconnect(long card, int disposition) {
        calls.add("disconnect " + disposition);
        return next();
    }

    @Override
    public int beginTransaction(long card) {
        calls.add("begin");
        return next();
    }

    @Override
    public int endTransaction(long card, int disposition) {
        calls.add("end " + disposition);
        return next();
    }

    @Override
    public int status(long card, Pointer into, Pointer atrLength) {
        into.write(0, atr, 0, atr.length);
        dword(atrLength, 0, atr.length);
        return next();
    }

    @Override
    public int transmit(long card, Pointer request, Pointer command, int length, Pointer into, Pointer answerLength) {
        int protocol = dword(request);
        int size = dword(request.share(windows ? 4 : 8));
        calls.add("transmit T=" + (protocol - 1) + " request of " + size + " room " + dword(answerLength));
        lastCommand = command.getByteArray(0, length);
        commandBuffer = command;
        into.write(0, answer, 0, answer.length);
        dword(answerLength, 0, answer.length);
        return next();
    }

    /** Whether the command buffer holds zeros only where the last command was. */
    boolean isCommandBufferClear() {
        byte[] left = ((Memory) commandBuffer).getByteArray(0, lastCommand.length);
        return Arrays.equals(left, new byte[left.length]);
    }
}
