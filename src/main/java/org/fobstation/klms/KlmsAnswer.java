package org.fobstation.klms;

/** What came of a key request: a {@link KeyPackage} or a {@link KlmsError}. All that a YAML route ever sees of it. */
public sealed interface KlmsAnswer permits KeyPackage, KlmsError {}
