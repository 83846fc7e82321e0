package org.fobstation.pcsc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** pcsc-lite by direct mapping: LONG and DWORD have 8 bytes. Codes are cut to 32 bits, as they are compared. */
final class LinuxPcsc implements PcscFunctions {

    /** @throws UnsatisfiedLinkError if the library is not there */
    LinuxPcsc() {
        Native.register(LinuxPcsc.class, NativeLibrary.getInstance(PcscAbi.LINUX.library()));
    }

    private static native long SCardEstablishContext(long scope, Pointer reserved1, Pointer reserved2, Pointer context);

    private static native long SCardReleaseContext(long context);

    private static native long SCardListReaders(long context, Pointer groups, Pointer readers, Pointer length);

    private static native long SCardGetStatusChange(long context, long timeout, Pointer states, long count);

    private static native long SCardCancel(long context);

    private static native long SCardConnect(
            long context, Pointer reader, long share, long protocols, Pointer card, Pointer protocol);

    private static native long SCardDisconnect(long card, long disposition);

    private static native long SCardBeginTransaction(long card);

    private static native long SCardEndTransaction(long card, long disposition);

    private static native long SCardStatus(
            long card,
            Pointer reader,
            Pointer readerLength,
            Pointer state,
            Pointer protocol,
            Pointer atr,
            Pointer atrLength);

    /** With addresses in place of pointers, which take JNA a microsecond to unwrap: the one call that is made often. */
    private static native long SCardTransmit(
            long card, long request, long command, long length, long answerRequest, long answer, long answerLength);

    @Override
    public int dispositionAtEnd() {
        return LEAVE_CARD;
    }

    @Override
    public int establishContext(int scope, Pointer context) {
        return (int) SCardEstablishContext(scope, null, null, context);
    }

    @Override
    public int releaseContext(long context) {
        return (int) SCardReleaseContext(context);
    }

    @Override
    public int listReaders(long context, Pointer readers, Pointer length) {
        return (int) SCardListReaders(context, null, readers, length);
    }

    @Override
    public int getStatusChange(long context, int timeoutMillis, Pointer states, int count) {
        return (int) SCardGetStatusChange(context, timeoutMillis, states, count);
    }

    @Override
    public int cancel(long context) {
        return (int) SCardCancel(context);
    }

    @Override
    public int connect(long context, Pointer reader, int share, int protocols, Pointer card, Pointer protocol) {
        return (int) SCardConnect(context, reader, share, protocols, card, protocol);
    }

    @Override
    public int disconnect(long card, int disposition) {
        return (int) SCardDisconnect(card, disposition);
    }

    @Override
    public int beginTransaction(long card) {
        return (int) SCardBeginTransaction(card);
    }

    @Override
    public int endTransaction(long card, int disposition) {
        return (int) SCardEndTransaction(card, disposition);
    }

    @Override
    public int status(long card, Pointer atr, Pointer atrLength) {
        return (int) SCardStatus(card, null, null, null, null, atr, atrLength);
    }

    @Override
    public int transmit(long card, Pointer request, Pointer command, int length, Pointer answer, Pointer answerLength) {
        return (int) SCardTransmit(
                card,
                Pointer.nativeValue(request),
                Pointer.nativeValue(command),
                length,
                0,
                Pointer.nativeValue(answer),
                Pointer.nativeValue(answerLength));
    }
}
