package org.fobstation.provisioning;

import java.time.Duration;

/**
 * How often a fob may be tried. An attempt is a run that sent INITIALIZE UPDATE under issued keys and did not
 * authenticate.
 *
 * @param most attempts in a row before the fob is refused, at least 1
 * @param pause from the end of one attempt to the next, 0 for none
 */
public record AttemptLimits(int most, Duration pause) {}
