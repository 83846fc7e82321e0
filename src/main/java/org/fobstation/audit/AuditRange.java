package org.fobstation.audit;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Some of the records: by number, by the UTC day their run ended on, or both. Both ends belong to it.
 *
 * @param fromSeq 1 for the first of all
 * @param toSeq {@link Long#MAX_VALUE} for the last of all
 */
public record AuditRange(long fromSeq, long toSeq, Optional<LocalDate> fromDay, Optional<LocalDate> toDay) {

    public static final AuditRange ALL = new AuditRange(1, Long.MAX_VALUE, Optional.empty(), Optional.empty());

    /**
     * @param from a number, a day as 2026-11-23, or null
     * @param to the same
     * @throws IllegalArgumentException if one is neither, or the first lies behind the last
     */
    public static AuditRange parse(String from, String to) {
        AuditRange range = new AuditRange(seq(from, 1), seq(to, Long.MAX_VALUE), day(from), day(to));
        if (range.isEmpty()) {
            throw new IllegalArgumentException("'" + from + "' lies behind '" + to + "': no record is in between");
        }
        return range;
    }

    private boolean isEmpty() {
        return fromSeq > toSeq
                || fromDay.isPresent() && toDay.filter(fromDay.get()::isAfter).isPresent();
    }

    private static boolean isDay(String text) {
        return text != null && text.contains("-");
    }

    private static long seq(String text, long otherwise) {
        if (text == null || isDay(text)) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a record's number nor a day such as 2026-11-23");
        }
        return Long.parseLong(text);
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return isDay(text) ? Optional.of(LocalDate.parse(text)) : Optional.empty();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a record's number nor a day such as 2026-11-23", e);
        }
    }

    boolean contains(AuditRecord record) {
        return record.auditSeq() >= fromSeq && record.auditSeq() <= toSeq && containsDay(record.day());
    }

    boolean contains(long auditSeq) {
        return auditSeq >= fromSeq && auditSeq <= toSeq;
    }

    boolean containsDay(LocalDate day) {
        return fromDay.filter(day::isBefore).isEmpty()
                && toDay.filter(day::isAfter).isEmpty();
    }
}
