package org.fobstation.klms;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the slot of a token by its label, which Java's PKCS#11 provider cannot: it wants a number, and numbers change when
 * readers are plugged. Trying the PIN on one slot after the other would block foreign tokens. Logs in to nothing.
 *
 * <p>Layouts are of PKCS#11 2.40: CK_FUNCTION_LIST is a version of 2 bytes and pointers, CK_TOKEN_INFO begins with the
 * label, 32 bytes padded with blanks. On Windows structures are packed and CK_ULONG has 4 bytes.
 */
final class Pkcs11Slots {

    private static final int OK = 0;
    private static final int ALREADY_INITIALIZED = 0x191;
    private static final int OS_LOCKING_OK = 2;

    private static final int INITIALIZE = 0;
    private static final int FINALIZE = 1;
    private static final int GET_SLOT_LIST = 4;
    private static final int GET_TOKEN_INFO = 6;

    private static final int LABEL_LENGTH = 32;
    private static final int ROOM_FOR_TOKEN_INFO = 512;
    private static final int MOST_SLOTS = 256;

    private final Pkcs11Token token;
    private final Pointer functions;

    private Pkcs11Slots(Pkcs11Token token, Pointer functions) {
        this.token = token;
        this.functions = functions;
    }

    static Pkcs11Slots of(Pkcs11Token token) throws KlmsSetupException {
        try {
            Memory list = new Memory(Native.POINTER_SIZE);
            int code = NativeLibrary.getInstance(token.module().toString())
                    .getFunction("C_GetFunctionList")
                    .invokeInt(new Object[] {list});
            if (code == OK) {
                return new Pkcs11Slots(token, list.getPointer(0));
            }
        } catch (UnsatisfiedLinkError e) {
            // Said below: the library is none of this machine's, or none of PKCS#11.
        }
        throw new KlmsSetupException(
                token.toString(),
                token.module() + " is no PKCS#11 library of this machine",
                "Correct module-path; the library needs this Java's number of bits.");
    }

    /** The slot that holds the token. */
    long slot() throws KlmsSetupException {
        int started = call(INITIALIZE, lockingByTheSystem());
        if (started != OK && started != ALREADY_INITIALIZED) {
            throw failed("C_Initialize", started);
        }
        try {
            return find();
        } finally {
            // Java's provider initializes it anew, and would not be the one to end it otherwise.
            if (started == OK) {
                call(FINALIZE, Pointer.NULL);
            }
        }
    }

    private long find() throws KlmsSetupException {
        Memory slots = new Memory((long) MOST_SLOTS * NativeLong.SIZE);
        Memory count = new Memory(NativeLong.SIZE);
        count.setNativeLong(0, new NativeLong(MOST_SLOTS));
        int listed = call(GET_SLOT_LIST, (byte) 1, slots, count);
        if (listed != OK) {
            throw failed("C_GetSlotList", listed);
        }
        List<String> labels = new ArrayList<>();
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < count.getNativeLong(0).intValue(); i++) {
            NativeLong slot = slots.getNativeLong((long) i * NativeLong.SIZE);
            Memory info = new Memory(ROOM_FOR_TOKEN_INFO);
            // A token may be pulled while they are listed.
            if (call(GET_TOKEN_INFO, slot, info) == OK) {
                String label = new String(info.getByteArray(0, LABEL_LENGTH), StandardCharsets.UTF_8).stripTrailing();
                labels.add(label.isEmpty() ? "(no label)" : label);
                if (label.equals(token.token())) {
                    found.add(slot.longValue());
                }
            }
        }
        if (found.size() != 1) {
            throw new KlmsSetupException(
                    token.toString(),
                    found.isEmpty() ? "is not there; there are " + labels : "is there " + found.size() + " times",
                    "Plug the token in, or correct token=.");
        }
        return found.get(0);
    }

    /** CK_C_INITIALIZE_ARGS: four pointers, flags, a pointer. */
    private static Memory lockingByTheSystem() {
        Memory arguments = new Memory(5L * Native.POINTER_SIZE + 8);
        arguments.clear();
        arguments.setNativeLong(4L * Native.POINTER_SIZE, new NativeLong(OS_LOCKING_OK));
        return arguments;
    }

    private int call(int index, Object... arguments) {
        long first = Platform.isWindows() ? 2 : Native.POINTER_SIZE;
        Pointer function = functions.getPointer(first + (long) index * Native.POINTER_SIZE);
        return ((NativeLong) Function.getFunction(function).invoke(NativeLong.class, arguments)).intValue();
    }

    private KlmsSetupException failed(String function, int code) {
        return new KlmsSetupException(
                token.toString(),
                "its library fails: " + function + " gives 0x" + Integer.toHexString(code),
                "Check the token's driver with its vendor's tool.");
    }
}
