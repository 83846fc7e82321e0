package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fobstation.FolderFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The journal is damaged at random and repaired. Afterwards the station starts, has every record, and every line that
 * was not damaged itself still says what it said. {@code -Dledger.repairs=N} for another number, {@code -Dledger.seed=N}
 * to repeat a run.
 */
class RandomRepairsTest {

    private static final int REPAIRS = Integer.getInteger("ledger.repairs", 300);
    private static final int RECORDS = 8;

    enum Kind {
        BIT,
        DELETE,
        INSERT,
        CUT,
        NUMBER,
        SWAP_LINES,
        COPY_LINE,
        SWAP_SEGMENTS,
        DELETE_SEGMENT
    }

    @TempDir
    Path temp;

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private AuditedFolder sound;

    @Test
    void everyJournalStartsAgainWithAllRecordsAndAllGoodLines() throws Exception {
        sound = AuditedFolder.with(temp.resolve("sound"), RECORDS, 4096);
        Map<Kind, Integer> done = new EnumMap<>(Kind.class);
        List<String> bad = new ArrayList<>();
        for (int i = 0; i < REPAIRS; i++) {
            AuditedFolder folder = sound.copyTo(temp.resolve("damaged-" + i));
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            String where = damage(folder, kind);
            done.merge(kind, 1, Integer::sum);
            String wrong = wrongAfterRepair(folder);
            for (Path file : FolderFiles.in(folder.data.root())) {
                Files.delete(file);
            }
            if (!wrong.isEmpty()) {
                bad.add("%s of %s: %s".formatted(kind, where, wrong));
            }
        }
        System.out.printf(
                "journals damaged and repaired: %d %s, not as they should be: %d (seed %d)%n",
                REPAIRS, done, bad.size(), seed);

        assertThat(bad).isEmpty();
    }

    private String wrongAfterRepair(AuditedFolder folder) throws Exception {
        Set<String> good = entries(folder);
        good.retainAll(entries(sound));
        try {
            DataRepair.repair(folder.data, "smith", Runs.CLOCK);
            List<Path> segments = folder.journal.files(".journal");
            for (Path segment : segments.subList(1, segments.size())) {
                if (!Files.readString(segment, StandardCharsets.ISO_8859_1)
                        .lines()
                        .findFirst()
                        .orElse("")
                        .contains("\"type\":\"SEGMENT\"")) {
                    return segment.getFileName() + " does not begin as it should";
                }
            }
            try (AuditJournal journal = folder.journal.open(4096)) {
                for (AuditRecord record : sound.records) {
                    if (!journal.record(record.auditSeq())
                            .filter(Predicate.isEqual(record))
                            .isPresent()) {
                        return "record " + record.auditSeq() + " is lost";
                    }
                }
            }
        } catch (JournalException | RuntimeException e) {
            return e.toString();
        }
        good.removeAll(entries(folder));
        return good.isEmpty() ? "" : good.size() + " good lines are lost";
    }

    /** What the whole lines say, but for those that begin a segment: they name the hash of another line. */
    private static Set<String> entries(AuditedFolder folder) throws Exception {
        return folder.journalText()
                .lines()
                .flatMap(line -> {
                    try {
                        return Stream.of(JournalLine.parse(line.getBytes(StandardCharsets.UTF_8))
                                .entry());
                    } catch (IllegalArgumentException damaged) {
                        return Stream.of();
                    }
                })
                .filter(entry -> !entry.contains("\"type\":\"SEGMENT\""))
                .collect(Collectors.toSet());
    }

    private String damage(AuditedFolder folder, Kind kind) throws Exception {
        List<Path> segments = folder.journal.files(".journal");
        Path segment = segments.get(random.nextInt(segments.size()));
        Path other = segments.get(random.nextInt(segments.size()));
        byte[] bytes = Files.readAllBytes(segment);
        int at = random.nextInt(bytes.length);
        switch (kind) {
            case BIT -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(segment, bytes);
            }
            case DELETE ->
                Files.write(
                        segment,
                        joined(bytes, at, new byte[0], Math.min(bytes.length, at + 1 + random.nextInt(2_000))));
            case INSERT -> {
                byte[] more = new byte[1 + random.nextInt(500)];
                random.nextBytes(more);
                Files.write(segment, joined(bytes, at, more, at));
            }
            case CUT -> Files.write(segment, Arrays.copyOf(bytes, at));
            case NUMBER -> {
                List<String> lines = Files.readAllLines(segment);
                int line = random.nextInt(lines.size());
                String digits = Long.toString(random.nextLong(10_000_000_000L) + 1);
                lines.set(line, lines.get(line).replaceFirst("[0-9]+", digits));
                write(segment, lines);
            }
            case SWAP_LINES -> {
                List<String> lines = Files.readAllLines(segment);
                Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
                write(segment, lines);
            }
            case COPY_LINE -> {
                List<String> from = Files.readAllLines(other);
                List<String> lines = Files.readAllLines(segment);
                lines.add(random.nextInt(lines.size() + 1), from.get(random.nextInt(from.size())));
                write(segment, lines);
            }
            case SWAP_SEGMENTS -> {
                Files.write(segment, Files.readAllBytes(other));
                Files.write(other, bytes);
            }
            case DELETE_SEGMENT -> Files.delete(segment);
        }
        return segment.getFileName() + " at " + at + ", with " + other.getFileName();
    }

    private static void write(Path segment, List<String> lines) throws Exception {
        Files.writeString(segment, String.join("\n", lines) + "\n");
    }

    private static byte[] joined(byte[] bytes, int end, byte[] between, int from) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, end);
        joined.writeBytes(between);
        joined.write(bytes, from, bytes.length - from);
        return joined.toByteArray();
    }
}
