/**
 * The Camel component {@code pcsc:}: readers, fobs and the thin binding to the PC/SC service.
 *
 * <pre>
 * ReaderMonitor, one thread            ReaderWorker, one thread for each reader
 *   SmartCardContext.waitForChange        FobSlot.awaitAfter
 *   ReaderTable: which reader is whose    Gate: may a run begin?
 *   FobSlot.see: word to presentation     FobConnector, UidReading
 *                                         PcscConsumer: one exchange with a PresentedFob
 * </pre>
 *
 * {@link org.fobstation.pcsc.SmartCardService} is the seam: the machine's own service behind it, or a stand-in.
 */
package org.fobstation.pcsc;
