package org.fobstation.audit;

/**
 * The KLMS has a record.
 *
 * @param status the HTTP status it answered with: 2xx, or 409 where it had the record already
 * @param attempts how often the station posted the record, this time included
 */
public record Receipt(int status, int attempts) {}
