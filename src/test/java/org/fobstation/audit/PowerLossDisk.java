package org.fobstation.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/**
 * A disk that keeps only what was forced. At one operation the power goes: of what was not forced, nothing comes to the
 * disk, or the beginning, or some blocks of it in any order; the others read as zeros. From then on nothing works.
 */
final class PowerLossDisk implements JournalFile.Opener {

    private static final int BLOCK = 64;

    private final Random random;
    private int operationsLeft;
    private boolean lost;

    /** @param operations how many work before the power goes */
    PowerLossDisk(Random random, int operations) {
        this.random = random;
        operationsLeft = operations;
    }

    boolean isLost() {
        return lost;
    }

    @Override
    public JournalFile open(Path segment) throws IOException {
        boolean isNew = Files.notExists(segment);
        if (goes()) {
            if (isNew && random.nextBoolean()) {
                Files.createFile(segment);
            }
            throw new IOException("power lost");
        }
        if (isNew) {
            Files.createFile(segment);
        }
        return new Segment(segment);
    }

    private boolean goes() {
        boolean goes = lost || operationsLeft-- <= 0;
        lost = goes;
        return goes;
    }

    private final class Segment implements JournalFile {

        private final Path file;
        private final ByteArrayOutputStream unforced = new ByteArrayOutputStream();
        private long truncateTo = -1;

        Segment(Path file) {
            this.file = file;
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            if (lost) {
                throw new IOException("power lost");
            }
            unforced.write(bytes);
            if (goes()) {
                lose();
            }
        }

        @Override
        public void force() throws IOException {
            if (lost) {
                throw new IOException("power lost");
            }
            if (goes()) {
                lose();
            }
            truncateNow();
            Files.write(file, unforced.toByteArray(), StandardOpenOption.APPEND);
            unforced.reset();
        }

        private void truncateNow() throws IOException {
            if (truncateTo >= 0) {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) truncateTo));
                truncateTo = -1;
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            truncateTo = length;
            if (goes()) {
                lose();
            }
        }

        @Override
        public void close() {
            // What was not forced is nobody's promise.
        }

        private void lose() throws IOException {
            if (truncateTo >= 0 && random.nextBoolean()) {
                truncateNow();
            }
            Files.write(file, remains(unforced.toByteArray()), StandardOpenOption.APPEND);
            throw new IOException("power lost");
        }

        private byte[] remains(byte[] bytes) {
            switch (random.nextInt(3)) {
                case 0:
                    return new byte[0];
                case 1:
                    return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                default:
                    byte[] blocks = new byte[bytes.length];
                    for (int at = 0; at < bytes.length; at += BLOCK) {
                        if (random.nextBoolean()) {
                            System.arraycopy(bytes, at, blocks, at, Math.min(BLOCK, bytes.length - at));
                        }
                    }
                    return blocks;
            }
        }
    }
}
