/** The station process: commands, configuration, readiness. */
package org.fobstation.station;
