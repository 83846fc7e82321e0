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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fobstation.scp03.KeyDerivation;
import org.fobstation.scp03.SessionKeys;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.klms.EmbeddedKlms;
import org.fobstation.simulator.klms.Kdf3;
import org.fobstation.simulator.klms.ReceivedAudit;
import org.fobstation.simulator.klms.ReceivedKeyRequest;

/** Looks for keys where none may be: static ones as issued, session ones as an audit's trace lets them be derived. */
final class KeySearch {

    private static final HexFormat HEX = HexFormat.of();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final KeyIndex lowerCase = new KeyIndex();
    private final KeyIndex exact = new KeyIndex();

    /** All keys that this key server has issued so far, and of the sessions that its audits tell of. */
    static KeySearch forKeysOf(EmbeddedKlms klms) {
        KeySearch search = new KeySearch();
        for (ReceivedKeyRequest request : klms.keyRequests()) {
            search.addStatic(request.fobUid(), klms.fobKeys().keysOf(request.fobUid()));
        }
        for (ReceivedAudit audit : klms.audits()) {
            search.addSession(audit, klms);
        }
        search.keys.forEach(search::index);
        return search;
    }

    int size() {
        return keys.size();
    }

    private void index(String name, byte[] key) {
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(key);
        lowerCase.add(name + " in hex", HEX.formatHex(key).getBytes(StandardCharsets.ISO_8859_1));
        exact.add(name + " in Base64", base64.getBytes(StandardCharsets.ISO_8859_1));
        exact.add(name, key);
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
        return body(audit).get("apdu_trace");
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
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.min(from, in.length()));
            byte[] content = new byte[Math.toIntExact(in.length() - in.getFilePointer())];
            in.readFully(content);
            return hitsIn(file.toString(), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was found in a text: keys in hex of either case, in Base64, or as they are. */
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
