/** GlobalPlatform SCP03 (Card Specification 2.3.1, Amendment D 1.2), the host's side. */
package org.fobstation.scp03;
