package org.fobstation.pcsc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a PC/SC library lays out what it takes and gives: widths and offsets in bytes, on 64-bit systems. Context and card
 * handles have 8 bytes on both.
 *
 * <pre>
 * SCARD_READERSTATE   szReader  pvUserData  dwCurrentState  dwEventState  cbAtr  rgbAtr      size
 * Linux               0  8      8  8        16  8           24  8         32  8  40  33      80
 * Windows             0  8      8  8        16  4           20  4         24  4  28  36      64
 *
 * SCARD_IO_REQUEST    dwProtocol  cbPciLength    size
 * Linux               0  8        8  8           16
 * Windows             0  4        4  4           8
 * </pre>
 *
 * @param library the library's name as the loader takes it
 * @param dword size of DWORD
 * @param readerState size of SCARD_READERSTATE
 * @param currentState offset of dwCurrentState
 * @param eventState offset of dwEventState
 * @param atrLength offset of cbAtr
 * @param atr offset of rgbAtr
 * @param atrCapacity size of rgbAtr
 * @param ioRequest size of SCARD_IO_REQUEST
 * @param text encoding of reader names
 * @param terminator size of the zero that ends a text
 * @see "PC/SC Workgroup specification part 5; winscard.h of the Windows SDK; PCSC/winscard.h of pcsc-lite"
 */
record PcscAbi(
        String library,
        int dword,
        int readerState,
        int currentState,
        int eventState,
        int atrLength,
        int atr,
        int atrCapacity,
        int ioRequest,
        Charset text,
        int terminator) {

    static final PcscAbi LINUX =
            new PcscAbi("libpcsclite.so.1", 8, 80, 16, 24, 32, 40, 33, 16, StandardCharsets.UTF_8, 1);
    static final PcscAbi WINDOWS = new PcscAbi("winscard", 4, 64, 16, 20, 24, 28, 36, 8, StandardCharsets.UTF_16LE, 2);

    /** Size of a context or card handle. */
    static final int HANDLE = 8;

    /**
     * The layout of an operating system.
     *
     * @param osName as in the system property os.name
     * @param pointerSize size of a pointer in this process, in bytes
     * @throws UnsupportedOperationException if the station does not know it
     */
    static PcscAbi of(String osName, int pointerSize) {
        String os = osName.toLowerCase(Locale.ROOT);
        boolean windows = os.startsWith("windows");
        if (pointerSize != 8 || !windows && !os.startsWith("linux")) {
            throw new UnsupportedOperationException(
                    "The station knows PC/SC on 64-bit Windows and 64-bit Linux, not on " + osName + " with "
                            + 8 * pointerSize + "-bit Java. Use a 64-bit Java on one of these.");
        }
        return windows ? WINDOWS : LINUX;
    }

    void putDword(Pointer memory, long offset, int value) {
        if (dword == 8) {
            memory.setLong(offset, Integer.toUnsignedLong(value));
        } else {
            memory.setInt(offset, value);
        }
    }

    /** The low 32 bits: PC/SC defines no more. */
    int getDword(Pointer memory, long offset) {
        return dword == 8 ? (int) memory.getLong(offset) : memory.getInt(offset);
    }

    /** Memory for one DWORD that holds {@code value}; the caller closes it. */
    Memory dwordOf(int value) {
        Memory memory = new Memory(dword);
        putDword(memory, 0, value);
        return memory;
    }

    /** The text with its terminator; the caller closes it. */
    Memory textOf(String value) {
        byte[] encoded = value.getBytes(text);
        Memory memory = new Memory(encoded.length + (long) terminator);
        memory.clear();
        memory.write(0, encoded, 0, encoded.length);
        return memory;
    }

    /**
     * Reads a multi-string: texts with a terminator each, an empty one at the end.
     *
     * @param characters its length as the library counts it: bytes on Linux, 16-bit units on Windows
     */
    List<String> multiString(Pointer memory, int characters) {
        String all = new String(memory.getByteArray(0, characters * terminator), text);
        List<String> parts = new ArrayList<>();
        for (String part : all.split("\0")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return List.copyOf(parts);
    }
}
