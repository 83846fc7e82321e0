package org.fobstation.simulator.fob;

/**
 * One complete payload that came by STORE DATA.
 *
 * @param target AID in upper-case hex of whom it was for: the security domain, or the applet of the INSTALL [for
 *     personalization] before it
 * @param p1 P1 of the first block without the last-block bit
 * @param hex the data of all blocks in upper-case hex
 */
public record StoredData(String target, int p1, String hex) {}
