package org.fobstation.residue;

import java.lang.reflect.Field;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/** AES key schedules as the library that the station uses makes them. */
final class Schedules {

    private Schedules() {}

    /** Rows of four words. */
    static int[][] of(byte[] key, boolean forEncryption) {
        AESEngine engine = (AESEngine) AESEngine.newInstance();
        engine.init(forEncryption, new KeyParameter(key));
        try {
            Field schedule = AESEngine.class.getDeclaredField("WorkingKey");
            schedule.setAccessible(true);
            return (int[][]) schedule.get(engine);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this Bouncy Castle keeps its schedules elsewhere", e);
        }
    }
}
