package org.fobstation.station;

import java.util.concurrent.Callable;

/**
 * A sub-command that another jar on the class path brings along, found through {@link java.util.ServiceLoader}: so
 * {@code demo} exists only where the simulator's jar lies. Annotated with picocli's {@code @Command}; gives the process's
 * exit code.
 */
public interface StationCommand extends Callable<Integer> {}
