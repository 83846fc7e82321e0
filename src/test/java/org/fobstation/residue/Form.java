package org.fobstation.residue;

/** How a key can lie in memory. */
public enum Form {
    RAW,
    /** Rows of an AES key schedule, for either direction, as words of either byte order; also the key's own words, turned. */
    SCHEDULE,
    HEX,
    HEX_UTF16,
    BASE64,
    BASE64_UTF16
}
