package org.fobstation.provisioning;

import java.time.Duration;

/**
 * What a run does to a fob, from the configuration.
 *
 * @param keyTtl longest time from the key package's arrival to EXTERNAL AUTHENTICATE
 * @param runTimeout longest time from the first command of the card session to the last; no command is sent after it
 * @param postUntouched whether runs that failed before the KLMS named a transaction are posted too
 */
public record RunSettings(
        Duration keyTtl,
        Duration runTimeout,
        SessionSettings session,
        PayloadSettings payload,
        LockSettings lock,
        AttemptLimits attempts,
        boolean postUntouched) {}
