package org.fobstation.station;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.fobstation.scp03.KeyDerivation;
import org.fobstation.scp03.SessionKeys;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.klms.ReceivedKeyRequest;

/**
 * Looks for keys where none may be: static ones as issued, session ones as an audit's trace lets them be derived, and
 * those that fobs hold in their place. Any 8 bytes of a key are found: as they are, in hex of either case, in Base64
 * whatever it began with, as a list of numbers.
 */
public final class KeySearch {

    private static final int PIECE = 8;
    private static final int CHUNK = 1 << 20;

    /** A piece as a list of numbers, in bytes. */
    private static final int LONGEST_FORM = 64;

    /** Signs of a piece in Base64 that its neighbours have no part in, wherever it begins. */
    private static final int BASE64_SIGNS = 10;

    /** All keys that were ever looked for in this process. */
    private static final Map<String, byte[]> ALL = new ConcurrentHashMap<>();

    private static final HexFormat HEX = HexFormat.of();
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final KeyIndex lowerCase = new KeyIndex();
    private final KeyIndex exact = new KeyIndex();

    /** All keys that this key server has issued so far, and of the sessions that its audits tell of. */
    public static KeySearch forKeysOf(EmbeddedKlms klms) {
        return forKeysOf(klms, List.of());
    }

    /** As {@link #forKeysOf(EmbeddedKlms)}, and all that these fobs hold by now. */
    static KeySearch forKeysOf(EmbeddedKlms klms, List<VirtualFob> fobs) {
        KeySearch search = new KeySearch();
        for (ReceivedKeyRequest request : klms.keyRequests()) {
            search.addStatic(request.fobUid(), klms.fobKeys().keysOf(request.fobUid()));
        }
        for (ReceivedAudit audit : klms.audits()) {
            search.addSession(audit, klms);
        }
        for (VirtualFob fob : fobs) {
            for (int kvn : fob.keyVersions()) {
                search.addHeld(fob, kvn);
            }
        }
        ALL.putAll(search.distinct());
        search.keys.forEach(search::index);
        return search;
    }

    /** All that were looked for so far, whichever key server or fob they came from. */
    static KeySearch forAllKeys() {
        KeySearch search = new KeySearch();
        search.keys.putAll(ALL);
        search.keys.forEach(search::index);
        return search;
    }

    static KeySearch forKeys(List<byte[]> keys) {
        KeySearch search = new KeySearch();
        keys.forEach(key -> search.keys.put("key " + (search.size() + 1), key));
        search.keys.forEach(search::index);
        return search;
    }

    /** Fobs of several tests share their UIDs. */
    private Map<String, byte[]> distinct() {
        Map<String, byte[]> named = new LinkedHashMap<>();
        keys.forEach((name, key) -> named.put(name + " #" + Integer.toHexString(Arrays.hashCode(key)), key));
        return named;
    }

    int size() {
        return keys.size();
    }

    private void index(String name, byte[] key) {
        for (int at = 0; at <= key.length - PIECE; at++) {
            byte[] piece = Arrays.copyOfRange(key, at, at + PIECE);
            lowerCase.add(name + " in hex", ascii(HEX.formatHex(piece)));
            lowerCase.add(name + " in hex", ascii(SPACED.formatHex(piece)));
            exact.add(name + " as numbers", ascii(Arrays.toString(piece).replaceAll("[\\[\\]]", "")));
            exact.add(name, piece);
            for (int before = 0; before < 3; before++) {
                String signs = base64(piece, before);
                exact.add(name + " in Base64", ascii(signs));
                exact.add(name + " in Base64", ascii(signs.replace('+', '-').replace('/', '_')));
            }
        }
    }

    /** @param before how many bytes stand before it in its group of three */
    private static String base64(byte[] piece, int before) {
        byte[] group = new byte[before + piece.length + 2];
        System.arraycopy(piece, 0, group, before, piece.length);
        int first = (8 * before + 5) / 6;
        return Base64.getEncoder().encodeToString(group).substring(first, first + BASE64_SIGNS);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void addHeld(VirtualFob fob, int kvn) {
        CardKeys held = fob.keysOf(kvn);
        String where = " of KVN %02X of %s".formatted(kvn, fob.uid());
        keys.put("Key-ENC" + where, held.enc());
        keys.put("Key-MAC" + where, held.mac());
        keys.put("Key-DEK" + where, held.dek());
    }

    private void addStatic(String uid, Kdf3.Keys issued) {
        keys.put("Key-ENC of " + uid, issued.enc());
        keys.put("Key-MAC of " + uid, issued.mac());
        keys.put("Key-DEK of " + uid, issued.dek());
    }

    private void addSession(ReceivedAudit audit, EmbeddedKlms klms) {
        String sent = null;
        for (JsonNode entry : trace(audit)) {
            String hex = entry.get("apdu_hex").asText();
            if (sent != null && sent.startsWith("8050") && hex.endsWith("9000")) {
                Kdf3.Keys issued = klms.fobKeys().keysOf(uid(audit));
                byte[] host = Arrays.copyOfRange(HEX.parseHex(sent), 5, 13);
                byte[] card = Arrays.copyOfRange(HEX.parseHex(hex), 13, 21);
                addSession(audit.id(), issued, host, card);
            }
            sent = hex;
        }
    }

    private void addSession(String id, Kdf3.Keys issued, byte[] hostChallenge, byte[] cardChallenge) {
        try (StaticKeys statics = new StaticKeys(
                        SecretBytes.takeFrom(issued.enc().clone()),
                        SecretBytes.takeFrom(issued.mac().clone()),
                        SecretBytes.takeFrom(issued.dek().clone()));
                SessionKeys session = KeyDerivation.sessionKeys(statics, hostChallenge, cardChallenge)) {
            keys.put("S-ENC of " + id, exposed(session.enc()));
            keys.put("S-MAC of " + id, exposed(session.mac()));
            keys.put("S-RMAC of " + id, exposed(session.rmac()));
        }
    }

    private static byte[] exposed(SecretBytes secret) {
        byte[] raw = new byte[secret.length()];
        secret.exposeTo(raw, 0);
        return raw;
    }

    private static JsonNode trace(ReceivedAudit audit) {
        return body(audit).path("apdu_trace");
    }

    private static String uid(ReceivedAudit audit) {
        return body(audit).get("fob_uid").asText();
    }

    private static JsonNode body(ReceivedAudit audit) {
        try {
            return JSON.readTree(audit.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was found in all files of a folder, the PKCS#12 stores aside. */
    List<String> hitsIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> hits = new ArrayList<>();
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".p12"))
                    .forEach(file -> hits.addAll(hitsIn(file, 0)));
            return hits;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was found in a file from an offset on. */
    List<String> hitsIn(Path file, long from) {
        Set<String> hits = new LinkedHashSet<>();
        byte[] content = new byte[CHUNK];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.min(from, in.length()));
            int kept = 0;
            for (int read = in.read(content); read > 0; read = in.read(content, kept, CHUNK - kept)) {
                int length = kept + read;
                hits.addAll(hitsIn(file.toString(), Arrays.copyOf(content, length)));
                // What began at its end is found with what follows.
                kept = Math.min(length, LONGEST_FORM);
                System.arraycopy(content, length - kept, content, 0, kept);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(hits);
    }

    /** What was found in a text. */
    List<String> hitsIn(String where, String text) {
        return hitsIn(where, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private List<String> hitsIn(String where, byte[] content) {
        return Stream.concat(lowerCase.occurringIn(inLowerCase(content)).stream(), exact.occurringIn(content).stream())
                .map(name -> name + " in " + where)
                .toList();
    }

    private static byte[] inLowerCase(byte[] content) {
        byte[] lower = content.clone();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'F') {
                lower[i] += 'a' - 'A';
            }
        }
        return lower;
    }
}
