/**
 * The virtual fob: the card's side of GlobalPlatform 2.3.1 and SCP03, written from the specifications and with its own
 * cryptography, so that a mistake of the station is not repeated here. Its keys are test keys; it keeps them openly.
 */
package org.fobstation.simulator.fob;
