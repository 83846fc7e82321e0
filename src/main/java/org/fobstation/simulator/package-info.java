/** Virtual fobs, readers and key server. In no production jar. */
package org.fobstation.simulator;
