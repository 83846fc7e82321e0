package org.fobstation.pcsc;

import com.sun.jna.Pointer;

/**
 * The PC/SC functions the station uses, with the widths of this platform taken care of. Structures are laid out by
 * {@link PcscAbi}. Every method gives the return code as 32 bits, 0 is success. Safe for use by any thread, as the
 * library is.
 */
interface PcscFunctions {

    int SUCCESS = 0;
    int SCOPE_SYSTEM = 2;
    int SHARE_EXCLUSIVE = 1;
    int PROTOCOL_T0_OR_T1 = 3;
    int LEAVE_CARD = 0;
    int RESET_CARD = 1;

    /**
     * How to let a fob go: LEAVE_CARD or RESET_CARD.
     *
     * <p>pcsc-lite (1.9.9, measured) takes a reset that fails for a removal without counting it, and then overlooks a
     * fob that is put on before it looks the next time, up to 400 ms later. So the fob is left, and pcscd takes its
     * power away by itself, less than a second later; the session ends then, and nobody has its keys. Windows counts
     * every removal, and may leave an idle card powered: the fob is reset, so that no session outlives the connection.
     */
    int dispositionAtEnd();

    /** @param context takes the handle, 8 bytes */
    int establishContext(int scope, Pointer context);

    int releaseContext(long context);

    /**
     * All readers.
     *
     * @param readers takes a multi-string; null asks for its length
     * @param length DWORD, in characters
     */
    int listReaders(long context, Pointer readers, Pointer length);

    /** @param states {@code count} of SCARD_READERSTATE */
    int getStatusChange(long context, int timeoutMillis, Pointer states, int count);

    int cancel(long context);

    /**
     * @param reader text with terminator
     * @param card takes the handle, 8 bytes
     * @param protocol DWORD, takes the protocol in use
     */
    int connect(long context, Pointer reader, int share, int protocols, Pointer card, Pointer protocol);

    int disconnect(long card, int disposition);

    int beginTransaction(long card);

    int endTransaction(long card, int disposition);

    /**
     * Asks for the ATR only.
     *
     * @param atr takes it
     * @param atrLength DWORD, the room there and then the length
     */
    int status(long card, Pointer atr, Pointer atrLength);

    /**
     * @param request SCARD_IO_REQUEST of the protocol in use
     * @param answerLength DWORD, the room in {@code answer} and then the length of the answer
     */
    int transmit(long card, Pointer request, Pointer command, int length, Pointer answer, Pointer answerLength);
}
