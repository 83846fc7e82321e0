package org.fobstation.scp03;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.fobstation.secret.Aes;
import org.fobstation.secret.AesCmac;

/** Looks into an object that was closed: what of its secrets is left in it. */
final class Wiped {

    private final Object owner;

    private Wiped(Object owner) {
        this.owner = owner;
    }

    static Wiped of(Object owner) {
        return new Wiped(owner);
    }

    /** Names of the ciphers that can still be used, and so still hold a key. */
    List<String> ciphersStillAtWork() throws IllegalAccessException {
        List<String> atWork = new ArrayList<>();
        for (Field field : fields()) {
            Object value = field.get(owner);
            if (value instanceof AesCmac cmac && works(cmac::finish)
                    || value instanceof Aes aes && works(() -> use(aes))) {
                atWork.add(field.getName());
            }
        }
        return atWork;
    }

    /** Names of the arrays that hold anything but zeros. */
    List<String> arraysNotZero() throws IllegalAccessException {
        List<String> notZero = new ArrayList<>();
        for (Field field : fields()) {
            if (field.get(owner) instanceof byte[] bytes) {
                for (byte value : bytes) {
                    if (value != 0 && !notZero.contains(field.getName())) {
                        notZero.add(field.getName());
                    }
                }
            }
        }
        return notZero;
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (Field field : owner.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            fields.add(field);
        }
        return fields;
    }

    private static void use(Aes aes) {
        byte[] block = new byte[Aes.BLOCK];
        aes.encryptBlock(block, 0, block, 0);
    }

    private static boolean works(Runnable use) {
        try {
            use.run();
            return true;
        } catch (IllegalStateException wiped) {
            return false;
        }
    }
}
