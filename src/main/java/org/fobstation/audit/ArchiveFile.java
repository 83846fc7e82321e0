package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record as a file: its envelope, then the body. One line for each field of the envelope; the body stands unchanged,
 * byte for byte, on the last line but one, after {@code "body" : }. The same record always gives the same bytes.
 */
final class ArchiveFile {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveFile.class);
    /** Longer than any the station writes; protects the memory from a foreign file. */
    private static final int FILE_BYTES_MAX = 8 << 20;

    private static final String BODY = "\n  \"body\" : ";
    private static final String END = "\n}\n";

    private ArchiveFile() {}

    static byte[] of(AuditRecord record) {
        return write(record, json -> {});
    }

    /** A dead letter: the same, and why it was given up. */
    static byte[] of(AuditRecord record, Settlement.Dead dead) {
        return write(record, json -> {
            json.writeObjectFieldStart("dead_letter");
            json.writeStringField("reason", dead.reason());
            json.writeNumberField("attempts", dead.attempts());
            json.writeBooleanField("refused", dead.refused());
            json.writeEndObject();
        });
    }

    /**
     * The record an archive file holds.
     *
     * @throws IllegalArgumentException if it is not, byte for byte, what {@link #of(AuditRecord)} writes for a record
     */
    static AuditRecord parse(byte[] file) {
        String text = new String(file, StandardCharsets.UTF_8);
        int body = text.lastIndexOf(BODY);
        if (body < 0 || !text.endsWith(END)) {
            throw new IllegalArgumentException("it is not a file of the archive");
        }
        try {
            AuditRecord record = RecordJson.read(
                    RecordJson.MAPPER.readTree(text),
                    text.substring(body + BODY.length(), text.length() - END.length()));
            if (!Arrays.equals(file, of(record))) {
                throw new IllegalArgumentException("it is not as the station writes it");
            }
            return record;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time in it has a wrong form: " + e.getMessage(), e);
        }
    }

    /** Writes a record's file again if it is missing or the beginning of what it should be. An edited one stays. */
    static void restore(AuditRecord record, Path archive) throws IOException {
        Path file = archive.resolve(record.archiveName());
        byte[] whole = of(record);
        if (Files.exists(file) && !isTorn(OwnerFile.read(file, FILE_BYTES_MAX), whole)) {
            return;
        }
        DataFolder.makeOwnerOnly(file.getParent());
        OwnerFile.write(file, whole);
        LOG.warn("{} was missing or torn and is there again", file);
    }

    private static boolean isTorn(byte[] content, byte[] whole) {
        int differs = Arrays.mismatch(content, whole);
        if (differs < 0) {
            return false;
        }
        for (int i = differs; i < content.length; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private interface Addition {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static byte[] write(AuditRecord record, Addition addition) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        try (JsonGenerator json = RecordJson.MAPPER.createGenerator(bytes)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
            json.writeStartObject();
            RecordJson.write(json, record);
            addition.writeTo(json);
            json.writeFieldName("body");
            json.writeRawValue(record.bodyText());
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a ByteArrayOutputStream failed", e);
        }
        return bytes.toByteArray();
    }
}
