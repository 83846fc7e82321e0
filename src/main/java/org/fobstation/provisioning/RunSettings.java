package org.fobstation.provisioning;

import java.time.Duration;

/**
 * What a run does to a fob, from the configuration.
 *
 * @param keyTtl longest time from the key package's arrival to EXTERNAL AUTHENTICATE
 * @param postUntouched whether runs that failed before the KLMS named a transaction are posted too
 */
public record RunSettings(
        Duration keyTtl,
        SessionSettings session,
        PayloadSettings payload,
        LockSettings lock,
        AttemptLimits attempts,
        boolean postUntouched) {}
