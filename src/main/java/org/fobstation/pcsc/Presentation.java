package org.fobstation.pcsc;

import java.time.Duration;
import java.time.Instant;

/**
 * A fob was put on a reader.
 *
 * @param number counts the presentations of a reader, from 1
 * @param readerName the PC/SC name of the reader
 * @param at when the station saw it
 * @param sinceRemoval how long the reader was without a fob before; a very long time if none was removed yet
 * @param maybeSame whether the fob before was not seen leaving, because the reader or the service was away
 * @param guessed whether nobody saw it come: the link to the fob before broke, and yet the service says one lies there
 */
record Presentation(
        long number, String readerName, Instant at, Duration sinceRemoval, boolean maybeSame, boolean guessed) {}
