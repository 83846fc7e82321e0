/** A key server for tests and the demo: real TLS, keys derived for each fob, and faults on demand. */
package org.fobstation.simulator.klms;
