package org.fobstation.klms;

import java.util.Objects;

/** The way to the key server cannot be set up: says where, why and what to do. The station must not start. */
public final class KlmsSetupException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final String reason;
    private final String remedy;

    /**
     * @param place the file or the setting
     * @param reason what is wrong with it; never a password
     * @param remedy what to do about it
     */
    public KlmsSetupException(String place, String reason, String remedy) {
        super(place + ": " + reason + ". " + remedy);
        this.place = Objects.requireNonNull(place);
        this.reason = Objects.requireNonNull(reason);
        this.remedy = Objects.requireNonNull(remedy);
    }

    public String place() {
        return place;
    }

    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }
}
