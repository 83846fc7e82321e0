/** The demo: a whole station with virtual fobs and an embedded key server, in one process. */
package org.fobstation.simulator.demo;
