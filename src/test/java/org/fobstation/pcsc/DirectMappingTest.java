package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The widths of both bindings against one table: h a handle, d a LONG or DWORD, p a pointer; first the result. */
class DirectMappingTest {

    private static final Map<String, String> SIGNATURES = new TreeMap<>(Map.ofEntries(
            Map.entry("SCardEstablishContext", "d dppp"),
            Map.entry("SCardReleaseContext", "d h"),
            Map.entry("SCardListReaders", "d hppp"),
            Map.entry("SCardGetStatusChange", "d hdpd"),
            Map.entry("SCardCancel", "d h"),
            Map.entry("SCardConnect", "d hpddpp"),
            Map.entry("SCardDisconnect", "d hd"),
            Map.entry("SCardBeginTransaction", "d h"),
            Map.entry("SCardEndTransaction", "d hd"),
            Map.entry("SCardStatus", "d hpppppp"),
            Map.entry("SCardTransmit", "d haadaaa")));

    private static final List<String> WITH_TEXT =
            List.of("SCardListReaders", "SCardGetStatusChange", "SCardConnect", "SCardStatus");

    @Test
    void linuxHasEightByteWords() {
        Map<String, String> expected = new TreeMap<>();
        SIGNATURES.forEach((name, signature) -> expected.put(name, signature.replaceAll("[dha]", "8")));

        assertThat(natives(LinuxPcsc.class)).isEqualTo(expected);
    }

    @Test
    void windowsHasFourByteWordsEightByteHandlesAndWideTexts() {
        Map<String, String> expected = new TreeMap<>();
        SIGNATURES.forEach((name, signature) -> expected.put(
                WITH_TEXT.contains(name) ? name + "W" : name,
                signature.replace("d", "4").replaceAll("[ha]", "8")));

        assertThat(natives(WindowsPcsc.class)).isEqualTo(expected);
    }

    private static Map<String, String> natives(Class<?> binding) {
        Map<String, String> natives = new TreeMap<>();
        for (Method method : binding.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers())) {
                StringBuilder signature = new StringBuilder(width(method.getReturnType()) + " ");
                Arrays.stream(method.getParameterTypes()).forEach(type -> signature.append(width(type)));
                natives.put(method.getName(), signature.toString());
            }
        }
        return natives;
    }

    private static String width(Class<?> type) {
        return type == long.class ? "8" : type == int.class ? "4" : type == Pointer.class ? "p" : type.getName();
    }
}
