package org.fobstation.residue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for keys in all of another process's memory, from outside. Any 8 bytes of a key are found, wherever they begin:
 * as they are, as part of an AES key schedule, in hex of either case, in Base64; as Latin-1 or UTF-16. Linux only, and
 * only for who may read {@code /proc/PID/mem}: root, or the process's user where nothing forbids it.
 */
public final class MemoryScan {

    private static final int CHUNK = 1 << 20;
    private static final int PAGE = 4096;
    private static final byte[] ZEROS = new byte[PAGE];

    private final KeyPieces pieces;

    public MemoryScan(List<KnownKey> keys) {
        pieces = new KeyPieces(keys);
    }

    /** Scans every readable region of a process. It should stand still meanwhile. */
    public Findings of(long pid) throws IOException {
        Findings findings = new Findings();
        Path process = Path.of("/proc", Long.toString(pid));
        byte[] chunk = new byte[CHUNK];
        try (RandomAccessFile memory =
                new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
            for (String line : Files.readAllLines(process.resolve("maps"))) {
                MemoryRegion region = MemoryRegion.parse(line);
                if (region.isReadable() && !region.isOfTheKernel()) {
                    scan(memory, region, chunk, findings);
                }
            }
        }
        return findings;
    }

    private void scan(RandomAccessFile memory, MemoryRegion region, byte[] chunk, Findings findings) {
        Reading reading = new Reading(region, findings);
        for (long at = region.from(); at < region.to(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, region.to() - at);
            try {
                memory.seek(at);
                memory.readFully(chunk, 0, length);
            } catch (IOException e) {
                // Files that were cut off behind a map have pages that nobody can read.
                findings.unread(region);
                return;
            }
            reading.take(chunk, length);
        }
    }

    /** What is in memory that is at hand; for a test of the scan. */
    Findings of(byte[] memory) {
        Findings findings = new Findings();
        new Reading(new MemoryRegion(0, memory.length, "r", "array"), findings).take(memory, memory.length);
        return findings;
    }

    /** One region, byte after byte. */
    private final class Reading implements TextDecoder.Pieces {

        private final MemoryRegion region;
        private final Findings findings;
        private final TextDecoder latin = new TextDecoder();
        private final TextDecoder[] utf16 = {new TextDecoder(), new TextDecoder()};
        private final int[] next = new int[Form.values().length];
        private long at;
        private long window;
        private int before;
        private boolean wide;

        Reading(MemoryRegion region, Findings findings) {
            this.region = region;
            this.findings = findings;
            at = region.from();
        }

        void take(byte[] chunk, int length) {
            findings.read(length);
            for (int page = 0; page < length; page += PAGE) {
                int end = Math.min(length, page + PAGE);
                if (window == 0 && Arrays.equals(chunk, page, end, ZEROS, 0, end - page)) {
                    at += end - page;
                } else {
                    takePage(chunk, page, end);
                }
            }
        }

        private void takePage(byte[] chunk, int from, int to) {
            for (int i = from; i < to; i++) {
                int value = chunk[i] & 0xFF;
                window = window << 8 | value;
                at++;
                int code = pieces.find(window);
                if (code != 0) {
                    found(code, Form.RAW);
                }
                if ((at & 3) == 0) {
                    takeWords();
                }
                takeText(value);
                before = value;
            }
        }

        private void takeWords() {
            int code = pieces.findInSchedule(window);
            // A schedule of either direction begins or ends with the key itself, which counts as raw.
            if (code != 0 && pieces.find(window) == 0) {
                found(code, Form.SCHEDULE);
            }
        }

        private void takeText(int value) {
            wide = false;
            latin.feed(value, this);
            wide = true;
            TextDecoder pairs = utf16[(int) (at & 1)];
            pairs.feed(before, this);
            // Behind the last sign of a big-endian text stands what follows it, and not the next sign's zero.
            if (value != 0) {
                pairs.reset();
            }
        }

        @Override
        public void hex(long piece) {
            text(piece, wide ? Form.HEX_UTF16 : Form.HEX);
        }

        @Override
        public void base64(long piece) {
            text(piece, wide ? Form.BASE64_UTF16 : Form.BASE64);
        }

        private void text(long piece, Form form) {
            int code = pieces.find(piece);
            if (code != 0) {
                found(code, form);
            }
        }

        /** Pieces one byte further each, from the first to the last, are the whole key; three pairs of words a row. */
        private void found(int code, Form form) {
            KnownKey key = pieces.key(code);
            int offset = pieces.offset(code);
            boolean goesOn = offset == 0 || next[form.ordinal()] == code;
            next[form.ordinal()] = goesOn ? code + 1 : 0;
            int last = form == Form.SCHEDULE ? 2 : key.bytes().length - KeyPieces.WIDTH;
            findings.add(new Findings.Piece(key, form, goesOn && offset == last, at, region));
        }
    }
}
