/** The Camel component {@code pcsc:}: readers, fobs and the thin binding to the PC/SC service. */
package org.fobstation.pcsc;
