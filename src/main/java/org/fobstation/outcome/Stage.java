package org.fobstation.outcome;

/** Where a run is. The names are those of the audit body's {@code stage_reached}. */
public enum Stage {
    /** The UID is read. */
    UID_READ,
    /** The key package is asked for. */
    KEY_REQUEST,
    /** SELECT, GET DATA and INITIALIZE UPDATE. */
    INITIALIZE_UPDATE,
    /** EXTERNAL AUTHENTICATE. */
    EXTERNAL_AUTHENTICATE,
    /** The OEM's payload is written. */
    PAYLOAD_DELIVERY,
    /** The issuer security domain is locked. */
    ISD_LOCK
}
