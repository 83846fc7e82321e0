package org.fobstation.audit;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the segments up to one add up to, so that a start need not read them: a cache and nothing more. It is used only
 * if it is whole and the segments have the lengths they had; otherwise, or without it, everything is read anew.
 *
 * <pre>
 * "fob-station checkpoint 5"  segment, n, hash  segments: first, last, length of each  ledger  SHA-256 of all before
 * </pre>
 */
record Checkpoint(JournalReader.Position position, Ledger ledger) {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final String FILE = "checkpoint.cache";
    private static final String FORM = "fob-station checkpoint 5";
    private static final int DIGEST_LENGTH = 32;
    private static final int BYTES_MAX = 512 << 20;

    static Path file(JournalSegments segments) {
        return segments.directory().resolve(FILE);
    }

    /** Keeps it for the next start. A failure costs time then and nothing else. */
    static void save(JournalSegments segments, JournalReader.Position position, Ledger ledger) {
        try {
            OwnerFile.write(file(segments), file -> {
                DigestOutputStream digested = new DigestOutputStream(file, HashChain.sha256());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(digested));
                write(out, segments, position, ledger);
                out.flush();
                file.write(digested.getMessageDigest().digest());
            });
        } catch (IOException e) {
            LOG.info("No checkpoint of the journal was kept, the next start reads all of it: {}", e.toString());
        }
    }

    private static void write(
            DataOutputStream out, JournalSegments segments, JournalReader.Position position, Ledger ledger)
            throws IOException {
        out.writeUTF(FORM);
        out.writeInt(position.segment());
        out.writeLong(position.n());
        out.writeUTF(position.hash());
        int first = ledger.segments().first();
        out.writeInt(first);
        for (int segment = first; segment <= position.segment(); segment++) {
            out.writeLong(Files.size(segments.segment(segment)));
        }
        LedgerSnapshot.write(ledger, out);
    }

    /** Empty if there is none that fits the files. */
    static Optional<Checkpoint> load(JournalSegments segments) {
        if (Files.notExists(file(segments))) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(segments));
        } catch (IOException | RuntimeException e) {
            LOG.info("The checkpoint of the journal is not used, all of it is read: {}", e.toString());
            return Optional.empty();
        }
    }

    private static Checkpoint read(JournalSegments segments) throws IOException {
        byte[] bytes = OwnerFile.read(file(segments), BYTES_MAX);
        int end = bytes.length - DIGEST_LENGTH;
        MessageDigest digest = HashChain.sha256();
        digest.update(bytes, 0, Math.max(end, 0));
        if (end < 0 || !Arrays.equals(digest.digest(), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new IOException("it is not whole");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
        if (!in.readUTF().equals(FORM)) {
            throw new IOException("it is of another version");
        }
        JournalReader.Position position = new JournalReader.Position(in.readInt(), in.readLong(), in.readUTF());
        for (int segment = in.readInt(); segment <= position.segment(); segment++) {
            if (Files.size(segments.segment(segment)) != in.readLong()) {
                throw new IOException(segments.segment(segment) + " has another length");
            }
        }
        Ledger ledger = LedgerSnapshot.read(in);
        ledger.resumeAfter(position.n());
        return new Checkpoint(position, ledger);
    }
}
