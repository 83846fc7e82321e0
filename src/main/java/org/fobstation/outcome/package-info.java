/** How runs end: stages, outcomes, failures, and the table that tells them. */
package org.fobstation.outcome;
