/** The provisioning of one fob, from its presentation to its record. */
package org.fobstation.provisioning;
