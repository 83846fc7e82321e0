/** Messages to and from a fob (ISO/IEC 7816-4), the way they travel, and the record of what travelled. */
package org.fobstation.apdu;
