package org.fobstation.station;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/** A key that is left in this process's memory in every form, so that a search of it has something to find. */
final class PlantedKey {

    private final Object[] held;

    PlantedKey(String hex) {
        byte[] raw = HexFormat.of().parseHex(hex);
        AESEngine engine = (AESEngine) AESEngine.newInstance();
        engine.init(true, new KeyParameter(raw));
        String upper = hex.toUpperCase(Locale.ROOT);
        String base64 = Base64.getEncoder().encodeToString(raw);
        held = new Object[] {raw, engine, upper, upper.toCharArray(), base64, base64.toCharArray()};
    }

    @Override
    public String toString() {
        return "in " + held.length + " forms";
    }
}
