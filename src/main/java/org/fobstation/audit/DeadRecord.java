package org.fobstation.audit;

/** A record that was given up for now, and why. */
record DeadRecord(AuditRecord record, Settlement.Dead dead) {}
