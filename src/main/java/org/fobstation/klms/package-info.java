/** The key server (KLMS): what is asked of it, what it answers, and how the answer is read. */
package org.fobstation.klms;
