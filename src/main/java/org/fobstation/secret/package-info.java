/** Secret bytes that can be wiped, and the one door to AES for card keys. */
package org.fobstation.secret;
