package org.fobstation.station;

/**
 * One configured reader.
 *
 * @param number the n of {@code reader.<n>.…}
 * @param id its id as the KLMS and the records know it
 * @param name pattern its PC/SC name has to match
 * @param exclude pattern of names to leave out; empty for none
 */
public record ReaderSettings(int number, String id, String name, String exclude) {}
