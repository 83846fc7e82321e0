package org.fobstation.klms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.secret.SecretHex;

/**
 * Reads one key package from the bytes of an answer. One use, one thread.
 *
 * <p>Jackson finds the tokens; it never sees the text of a secret: unless it is asked for a string's text it skips over
 * it, and secrets are decoded from the answer's own bytes, at the place the token begins. So no buffer of the parser
 * holds one, provided the answer has its secrets in strings, as agreed. Hex digits written as JSON escapes are refused.
 */
final class KeyPackageReader {

    private static final Pattern TRANSACTION_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern HEADER = Pattern.compile("[0-9A-Fa-f]{8}");
    private static final Set<String> KNOWN = Set.of(
            "transaction_id",
            "key_version",
            "fob_uid",
            "scp03_static_keys",
            "scp03_static_keys.enc",
            "scp03_static_keys.mac",
            "scp03_static_keys.dek",
            "ford_payload",
            "ford_payload.apdu_cla_ins_p1_p2",
            "ford_payload.data_hex");
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxNameLength(256)
            .maxNumberLength(32)
            // Names by the thousand could be chosen so that the parser takes long to tell them apart.
            .maxTokenCount(4096)
            .build();

    private final byte[] answer;
    private final JsonParser json;

    private String transactionId;
    private Integer keyVersion;
    private String fobUid;
    private SecretBytes enc;
    private SecretBytes mac;
    private SecretBytes dek;
    private Integer header;
    private SecretBytes data;

    private KeyPackageReader(byte[] answer, JsonParser json) {
        this.answer = answer;
        this.json = json;
    }

    /**
     * @param answer the whole body, left as it is
     * @param request what was asked
     * @param receivedNanos {@link System#nanoTime()} when the answer arrived
     * @throws AnswerInvalidException if anything in it is not as agreed; what was decoded so far is wiped
     */
    static KeyPackage read(byte[] answer, KeyRequest request, long receivedNanos) throws AnswerInvalidException {
        Utf8.require(answer);
        // A factory of its own for each answer, and no pool: the names and buffers of a parser are kept by its factory.
        JsonFactory factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Otherwise zeros among the first bytes make it UTF-16, read through a copy of the text.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .streamReadConstraints(LIMITS)
                .build();
        try (JsonParser json = factory.createParser(answer)) {
            return new KeyPackageReader(answer, json).readPackage(request, receivedNanos);
        } catch (StreamConstraintsException e) {
            throw new AnswerInvalidException(
                    "the answer is nested too deep, has too many fields, or a name or number too long");
        } catch (JsonParseException e) {
            // Its message quotes the text around the fault.
            JsonLocation at = e.getLocation();
            throw new AnswerInvalidException(
                    "the answer is no JSON" + (at == null ? "" : " at byte " + at.getByteOffset()));
        } catch (IOException e) {
            throw new AnswerInvalidException("the answer is no JSON");
        }
    }

    private KeyPackage readPackage(KeyRequest request, long receivedNanos) throws IOException, AnswerInvalidException {
        boolean complete = false;
        try {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new AnswerInvalidException("the answer is no JSON object");
            }
            object("", this::topField);
            if (json.nextToken() != null) {
                throw new AnswerInvalidException("the answer goes on after its end");
            }
            KeyPackage keyPackage = checked(request, receivedNanos);
            complete = true;
            return keyPackage;
        } finally {
            if (!complete) {
                wipe();
            }
        }
    }

    /** Takes the field the parser stands on, whose value is the parser's current token; false if it is not known. */
    @FunctionalInterface
    private interface FieldReader {
        boolean read(String name) throws IOException, AnswerInvalidException;
    }

    private void object(String path, FieldReader reader) throws IOException, AnswerInvalidException {
        Set<String> seen = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            boolean first = seen.add(name);
            json.nextToken();
            if (!first) {
                throw new AnswerInvalidException(
                        (KNOWN.contains(path + name) ? path + name : "an unknown field") + " appears twice");
            }
            if (!reader.read(name)) {
                json.skipChildren();
            }
        }
    }

    private boolean topField(String name) throws IOException, AnswerInvalidException {
        switch (name) {
            case "transaction_id" -> transactionId = text(name, TRANSACTION_ID, "1 to 64 of A-Z a-z 0-9 . _ -");
            case "key_version" -> keyVersion = keyVersion(name);
            case "fob_uid" -> fobUid = text(name, null, null);
            case "scp03_static_keys" -> nested(name, this::keyField);
            case "ford_payload" -> nested(name, this::payloadField);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean keyField(String name) throws AnswerInvalidException {
        String path = "scp03_static_keys." + name;
        switch (name) {
            case "enc" -> enc = key(path);
            case "mac" -> mac = key(path);
            case "dek" -> dek = key(path);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean payloadField(String name) throws IOException, AnswerInvalidException {
        String path = "ford_payload." + name;
        switch (name) {
            case "apdu_cla_ins_p1_p2" -> header = Integer.parseUnsignedInt(text(path, HEADER, "4 bytes in hex"), 16);
            case "data_hex" -> {
                data = secret(path);
                if (data.length() == 0) {
                    throw new AnswerInvalidException(path + " is empty");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void nested(String name, FieldReader reader) throws IOException, AnswerInvalidException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new AnswerInvalidException(name + " is no object");
        }
        object(name + ".", reader);
    }

    private int keyVersion(String path) throws IOException, AnswerInvalidException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new AnswerInvalidException(path + " is no whole number");
        }
        long value = json.getNumberType() == JsonParser.NumberType.INT ? json.getIntValue() : -1;
        if (value < 1 || value > 255) {
            throw new AnswerInvalidException(path + " is not 1 to 255");
        }
        return (int) value;
    }

    private String text(String path, Pattern allowed, String description) throws IOException, AnswerInvalidException {
        requireString(path);
        String text = json.getText();
        if (allowed != null && !allowed.matcher(text).matches()) {
            throw new AnswerInvalidException(path + " is not " + description);
        }
        return text;
    }

    private SecretBytes key(String path) throws AnswerInvalidException {
        SecretBytes key = secret(path);
        int length = key.length();
        if (length != 16 && length != 24 && length != 32) {
            key.close();
            throw new AnswerInvalidException(path + " has " + length + " bytes instead of 16, 24 or 32");
        }
        return key;
    }

    private SecretBytes secret(String path) throws AnswerInvalidException {
        requireString(path);
        int start = (int) json.currentTokenLocation().getByteOffset() + 1;
        int end = start;
        while (end < answer.length && answer[end] != '"') {
            end++;
        }
        try {
            return SecretHex.decode(answer, start, end - start);
        } catch (IllegalArgumentException e) {
            throw new AnswerInvalidException(path + " has " + e.getMessage());
        }
    }

    private void requireString(String path) throws AnswerInvalidException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new AnswerInvalidException(path + " is no string");
        }
    }

    private KeyPackage checked(KeyRequest request, long receivedNanos) throws AnswerInvalidException {
        require("transaction_id", transactionId);
        require("key_version", keyVersion);
        require("scp03_static_keys.enc", enc);
        require("scp03_static_keys.mac", mac);
        require("scp03_static_keys.dek", dek);
        require("ford_payload.apdu_cla_ins_p1_p2", header);
        require("ford_payload.data_hex", data);
        if (mac.length() != enc.length() || dek.length() != enc.length()) {
            throw new AnswerInvalidException("scp03_static_keys differ in length: enc " + enc.length() + ", mac "
                    + mac.length() + ", dek " + dek.length() + " bytes");
        }
        // The answer to another fob's request must not open this one.
        if (fobUid != null
                && !fobUid.toUpperCase(Locale.ROOT).equals(request.fobUid().toUpperCase(Locale.ROOT))) {
            throw new AnswerInvalidException("fob_uid is not the one that was asked for");
        }
        Payload payload = new Payload(header >>> 24, header >> 16 & 0xFF, header >> 8 & 0xFF, header & 0xFF, data);
        return new KeyPackage(transactionId, keyVersion, new StaticKeys(enc, mac, dek), payload, receivedNanos);
    }

    private static void require(String path, Object value) throws AnswerInvalidException {
        if (value == null) {
            throw new AnswerInvalidException(path + " is missing");
        }
    }

    private void wipe() {
        for (SecretBytes secret : new SecretBytes[] {enc, mac, dek, data}) {
            if (secret != null) {
                secret.close();
            }
        }
    }
}
