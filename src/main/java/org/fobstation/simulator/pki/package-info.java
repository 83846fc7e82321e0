/** Certificates for tests and the demo, made when they are needed and never stored in the project. */
package org.fobstation.simulator.pki;
