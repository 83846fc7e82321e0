package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody edits journal or archive at random, and verify must find every edit and name the first bad record. What was
 * cut off whole or replaced by an older copy is found by the head that the KLMS has. {@code -Dledger.edits=N} for
 * another number of edits, {@code -Dledger.seed=N} to repeat a run.
 */
class RandomEditsTest {

    private static final int EDITS = Integer.getInteger("ledger.edits", 1_000);
    private static final int RECORDS = 12;

    enum Kind {
        BIT,
        DELETE,
        INSERT,
        SWAP,
        TRUNCATE,
        ROLL_BACK
    }

    @TempDir
    Path temp;

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private AuditedFolder folder;
    private final List<Map<Path, byte[]>> olderCopies = new ArrayList<>();
    private Map<Path, byte[]> sound;

    @Test
    void everyEditIsFoundAndTheFirstBadRecordNamed() throws Exception {
        fill();
        Map<Kind, Integer> done = new EnumMap<>(Kind.class);
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < EDITS; i++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            Map<Path, byte[]> edited = edit(kind);
            apply(edited, sound);
            AuditVerifier.Report report = AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(folder.head()));
            long expected = firstBad(edited);
            if (report.isSound()
                    || report.firstBad().filter(first -> first == expected).isEmpty()) {
                missed.add(kind + " of " + changed(edited) + ", expected " + expected + ": " + report.findings());
            }
            apply(sound, edited);
            done.merge(kind, 1, Integer::sum);
        }
        System.out.printf(
                "edits to journal and archive: %d %s, found with the first bad record: %d, missed: %d (seed %d)%n",
                EDITS, done, EDITS - missed.size(), missed.size(), seed);

        assertThat(missed).isEmpty();
        assertThat(AuditVerifier.verify(folder.data, AuditRange.ALL, Optional.of(folder.head()))
                        .findings())
                .isEmpty();
    }

    private void fill() throws Exception {
        folder = AuditedFolder.with(temp.resolve("data"), 0, 8192);
        for (int i = 1; i <= RECORDS; i++) {
            olderCopies.add(content());
            try (AuditJournal journal = folder.journal.open(8192)) {
                folder.add(journal, "trx_" + i);
            }
        }
        Files.deleteIfExists(Checkpoint.file(new JournalSegments(folder.data.journal())));
        sound = content();
    }

    private Map<Path, byte[]> content() throws IOException {
        Map<Path, byte[]> content = new LinkedHashMap<>();
        for (Path part : List.of(folder.data.journal(), folder.data.archive())) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.filter(file -> file.toString().matches(".*\\.journal|.*\\.json"))
                        .sorted()
                        .toList()) {
                    content.put(file, Files.readAllBytes(file));
                }
            }
        }
        return content;
    }

    private Map<Path, byte[]> edit(Kind kind) {
        if (kind == Kind.ROLL_BACK) {
            return olderCopies.get(1 + random.nextInt(olderCopies.size() - 1));
        }
        Map<Path, byte[]> edited = new LinkedHashMap<>(sound);
        if (kind == Kind.TRUNCATE && random.nextBoolean()) {
            cutOffWholeLines(edited);
            return edited;
        }
        List<Path> files = List.copyOf(sound.keySet());
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = sound.get(file).clone();
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(random.nextBoolean() ? 3 : Math.min(2_000, bytes.length - at));
        switch (kind) {
            case BIT -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case DELETE -> bytes = joined(Arrays.copyOf(bytes, at), from(bytes, Math.min(at + length, bytes.length)));
            case INSERT -> {
                byte[] more = new byte[length];
                random.nextBytes(more);
                bytes = joined(joined(Arrays.copyOf(bytes, at), more), from(bytes, at));
            }
            case SWAP -> {
                if (random.nextBoolean()) {
                    swapFiles(edited, file, files.get(random.nextInt(files.size())));
                    return Arrays.equals(edited.get(file), sound.get(file)) ? edit(kind) : edited;
                }
                bytes = swapped(bytes);
            }
            default -> bytes = Arrays.copyOf(bytes, at);
        }
        edited.put(file, bytes);
        boolean isNone = Arrays.equals(bytes, sound.get(file)) || isAsIfNotNotedYet(file, bytes);
        return isNone ? edit(kind) : edited;
    }

    /** Only the last note of delivery is gone, and whole: the record is delivered once more, under its id. */
    private boolean isAsIfNotNotedYet(Path file, byte[] bytes) {
        byte[] was = sound.get(file);
        boolean isCut = file.equals(journalFiles().get(journalFiles().size() - 1))
                && bytes.length < was.length
                && Arrays.equals(bytes, Arrays.copyOf(was, bytes.length));
        return isCut
                && bytes[bytes.length - 1] == '\n'
                && new String(bytes, StandardCharsets.UTF_8).contains("\"audit_sequence\":" + RECORDS + ",\"id\"");
    }

    /** The last records go as if they had never been, with their files. */
    private void cutOffWholeLines(Map<Path, byte[]> edited) {
        int keep = 1 + random.nextInt(RECORDS - 1);
        boolean cut = false;
        for (Path segment : journalFiles()) {
            String text = new String(sound.get(segment), StandardCharsets.UTF_8);
            int last = text.indexOf("\"audit_sequence\":" + (keep + 1) + ",\"id\"");
            if (cut) {
                edited.remove(segment);
            } else if (last >= 0) {
                edited.put(
                        segment,
                        text.substring(0, text.lastIndexOf('\n', last) + 1).getBytes(StandardCharsets.UTF_8));
                cut = true;
            }
        }
        for (AuditRecord record : folder.records.subList(keep, RECORDS)) {
            edited.remove(folder.file(record));
        }
    }

    private static void swapFiles(Map<Path, byte[]> edited, Path one, Path other) {
        byte[] content = edited.get(one);
        edited.put(one, edited.get(other));
        edited.put(other, content);
    }

    /** Two lines, or, of a file with one, two halves. */
    private byte[] swapped(byte[] bytes) {
        List<String> lines = new ArrayList<>(List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("(?<=\n)")));
        int one = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        String line = lines.get(one);
        lines.set(one, lines.get(other));
        lines.set(other, line);
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] from(byte[] bytes, int at) {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static void apply(Map<Path, byte[]> content, Map<Path, byte[]> instead) throws IOException {
        for (Path file : instead.keySet()) {
            if (!content.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> file : content.entrySet()) {
            if (!Arrays.equals(file.getValue(), instead.get(file.getKey()))) {
                Files.write(file.getKey(), file.getValue());
            }
        }
    }

    private List<Path> journalFiles() {
        return sound.keySet().stream()
                .filter(file -> file.toString().endsWith(".journal"))
                .toList();
    }

    /** By another way than verify's: the first record whose line or file is not as it was. */
    private long firstBad(Map<Path, byte[]> edited) {
        long first = Long.MAX_VALUE;
        for (AuditRecord record : folder.records) {
            Path file = folder.file(record);
            if (!Arrays.equals(sound.get(file), edited.get(file))) {
                first = Math.min(first, record.auditSeq());
            }
        }
        long proved = 0;
        for (Path segment : journalFiles()) {
            byte[] was = sound.get(segment);
            byte[] is = edited.getOrDefault(segment, new byte[0]);
            int same = Math.max(Arrays.mismatch(was, is), Arrays.equals(was, is) ? was.length : 0);
            String good = new String(was, 0, same, StandardCharsets.UTF_8);
            String lines = good.substring(0, good.lastIndexOf('\n') + 1);
            proved += lines.lines()
                    .filter(line -> line.contains("\"type\":\"RESULT\""))
                    .count();
            if (same < was.length || is.length > was.length) {
                return Math.min(first, proved + 1);
            }
        }
        return first;
    }

    private String changed(Map<Path, byte[]> edited) {
        return sound.keySet().stream()
                .filter(file -> !Arrays.equals(sound.get(file), edited.get(file)))
                .map(file -> file.getFileName() + " at "
                        + Arrays.mismatch(sound.get(file), edited.getOrDefault(file, new byte[0])))
                .toList()
                .toString();
    }
}
