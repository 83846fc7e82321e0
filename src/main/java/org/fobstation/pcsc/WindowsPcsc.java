package org.fobstation.pcsc;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;

/** winscard.dll by direct mapping: LONG and DWORD have 4 bytes, handles 8, texts are UTF-16 (the W functions). */
final class WindowsPcsc implements PcscFunctions {

    private static final Map<String, ?> STDCALL = Map.of(Library.OPTION_CALLING_CONVENTION, Function.ALT_CONVENTION);

    /** @throws UnsatisfiedLinkError if the library is not there */
    WindowsPcsc() {
        Native.register(WindowsPcsc.class, NativeLibrary.getInstance(PcscAbi.WINDOWS.library(), STDCALL));
    }

    private static native int SCardEstablishContext(int scope, Pointer reserved1, Pointer reserved2, Pointer context);

    private static native int SCardReleaseContext(long context);

    private static native int SCardListReadersW(long context, Pointer groups, Pointer readers, Pointer length);

    private static native int SCardGetStatusChangeW(long context, int timeout, Pointer states, int count);

    private static native int SCardCancel(long context);

    private static native int SCardConnectW(
            long context, Pointer reader, int share, int protocols, Pointer card, Pointer protocol);

    private static native int SCardDisconnect(long card, int disposition);

    private static native int SCardBeginTransaction(long card);

    private static native int SCardEndTransaction(long card, int disposition);

    private static native int SCardStatusW(
            long card,
            Pointer reader,
            Pointer readerLength,
            Pointer state,
            Pointer protocol,
            Pointer atr,
            Pointer atrLength);

    /** With addresses in place of pointers, which take JNA a microsecond to unwrap: the one call that is made often. */
    private static native int SCardTransmit(
            long card, long request, long command, int length, long answerRequest, long answer, long answerLength);

    @Override
    public int dispositionAtEnd() {
        return RESET_CARD;
    }

    @Override
    public int establishContext(int scope, Pointer context) {
        return SCardEstablishContext(scope, null, null, context);
    }

    @Override
    public int releaseContext(long context) {
        return SCardReleaseContext(context);
    }

    @Override
    public int listReaders(long context, Pointer readers, Pointer length) {
        return SCardListReadersW(context, null, readers, length);
    }

    @Override
    public int getStatusChange(long context, int timeoutMillis, Pointer states, int count) {
        return SCardGetStatusChangeW(context, timeoutMillis, states, count);
    }

    @Override
    public int cancel(long context) {
        return SCardCancel(context);
    }

    @Override
    public int connect(long context, Pointer reader, int share, int protocols, Pointer card, Pointer protocol) {
        return SCardConnectW(context, reader, share, protocols, card, protocol);
    }

    @Override
    public int disconnect(long card, int disposition) {
        return SCardDisconnect(card, disposition);
    }

    @Override
    public int beginTransaction(long card) {
        return SCardBeginTransaction(card);
    }

    @Override
    public int endTransaction(long card, int disposition) {
        return SCardEndTransaction(card, disposition);
    }

    @Override
    public int status(long card, Pointer atr, Pointer atrLength) {
        return SCardStatusW(card, null, null, null, null, atr, atrLength);
    }

    @Override
    public int transmit(long card, Pointer request, Pointer command, int length, Pointer answer, Pointer answerLength) {
        return SCardTransmit(
                card,
                Pointer.nativeValue(request),
                Pointer.nativeValue(command),
                length,
                0,
                Pointer.nativeValue(answer),
                Pointer.nativeValue(answerLength));
    }
}
