/** The audit guarantee: journal, outbox, archive, dead letters. */
package org.fobstation.audit;
