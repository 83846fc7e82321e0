package org.fobstation.residue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a scan found. */
public final class Findings {

    /**
     * One piece of 8 bytes of a key.
     *
     * @param completes whether with it the whole key was seen, or, of a schedule, a row's two first words
     */
    public record Piece(KnownKey key, Form form, boolean completes, long address, MemoryRegion region) {

        @Override
        public String toString() {
            return (completes ? "" : "8 bytes of ") + key + " as " + form + " at " + Long.toHexString(address) + " in "
                    + region;
        }
    }

    private final List<Piece> pieces = new ArrayList<>();
    private final List<MemoryRegion> unread = new ArrayList<>();
    private long bytes;

    void add(Piece piece) {
        pieces.add(piece);
    }

    void read(long count) {
        bytes += count;
    }

    void unread(MemoryRegion region) {
        unread.add(region);
    }

    public List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** Regions that could not be read though they say so. */
    public List<MemoryRegion> unread() {
        return List.copyOf(unread);
    }

    /** Bytes looked through. */
    public long bytes() {
        return bytes;
    }

    public Findings of(Predicate<KnownKey> which) {
        Findings part = new Findings();
        pieces.stream().filter(piece -> which.test(piece.key())).forEach(part::add);
        part.bytes = bytes;
        return part;
    }

    /** Whole copies in a form; of schedules, rows. */
    public long copies(Form form) {
        return pieces.stream()
                .filter(piece -> piece.form() == form && piece.completes())
                .count();
    }

    /** How many different keys were found, whole or a piece of them. */
    public long keys() {
        return pieces.stream().map(Piece::key).distinct().count();
    }

    /** One line: keys, copies in each form, loose pieces. */
    public String summary() {
        Map<Form, Long> copies = new EnumMap<>(Form.class);
        for (Form form : Form.values()) {
            long count = copies(form);
            if (count > 0) {
                copies.put(form, count);
            }
        }
        return keys() + " keys, copies " + copies + ", pieces " + pieces.size();
    }

    /** How many pieces lie in which region. */
    public Map<String, Long> byRegion() {
        Map<String, Long> counts = new TreeMap<>();
        pieces.forEach(piece -> counts.merge(piece.region().toString(), 1L, Long::sum));
        return counts;
    }
}
