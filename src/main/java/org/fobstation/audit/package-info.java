/**
 * The audit guarantee: journal, outbox, archive, dead letters.
 *
 * <p>A record is made once, in the journal, and forced to disk before the operator sees the outcome. Everything else
 * follows from the journal and can be made again from it: the outbox emits what is not settled yet, the archive and the
 * dead letters are copies.
 */
package org.fobstation.audit;
