package org.fobstation.pcsc;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;

/**
 * Reads the UID of the next fob on any of some readers and changes nothing on it: sends {@code FF CA 00 00 00}, which the
 * reader answers itself, and nothing else.
 */
public final class FobProbe {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * What lies on a reader.
     *
     * @param atr the answer to reset in upper-case hex, empty if the fob could not be reached
     * @param uid in upper-case hex, empty if there is none
     * @param random whether the UID is new at every presentation, and so no identity
     * @param failure why there is no UID
     */
    public record Reading(String readerName, String atr, String uid, boolean random, Optional<Failure> failure) {}

    private FobProbe() {}

    /**
     * Waits for a fob, also one that lies there already. A fob that hangs keeps the caller: PC/SC has no time limit.
     *
     * @param readers 1..16 names
     * @param longest limit of the wait for a fob
     * @return empty if none came
     * @throws PcscException if the service or a reader is gone
     */
    public static Optional<Reading> await(SmartCardService service, List<String> readers, Duration longest)
            throws PcscException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        try (SmartCardContext context = service.establish()) {
            List<ReaderState> known = readers.stream().map(ReaderState::unaware).toList();
            Duration left = Duration.ofMillis(1);
            while (!left.isNegative() && !left.isZero()) {
                List<ReaderState> seen = context.waitForChange(known, left);
                for (ReaderState state : seen) {
                    if (state.has(ReaderState.UNKNOWN) || state.has(ReaderState.UNAVAILABLE)) {
                        throw new PcscException("SCardGetStatusChange", PcscException.E_READER_UNAVAILABLE);
                    }
                    if (state.has(ReaderState.PRESENT) && !state.has(ReaderState.MUTE)) {
                        return Optional.of(read(service, state.reader()));
                    }
                }
                known = seen.stream()
                        .map(state ->
                                new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr()))
                        .toList();
                left = Duration.ofNanos(end - System.nanoTime());
            }
            return Optional.empty();
        }
    }

    private static Reading read(SmartCardService service, String reader) throws PcscException, InterruptedException {
        String atr = "";
        FobSlot slot = new FobSlot(java.time.Clock.systemUTC(), System::nanoTime);
        slot.see(new ReaderState(reader, ReaderState.PRESENT, new byte[0]));
        Presentation presentation = slot.awaitAfter(0);
        try (FobConnector connector = new FobConnector(service, RETRY);
                FobTransport transport = new FobTransport(connector.connect(presentation, slot))) {
            atr = HexFormat.of().withUpperCase().formatHex(transport.atr());
            UidReading reading = UidReading.read(transport);
            if (reading instanceof UidReading.Uid uid) {
                return new Reading(reader, atr, uid.hex(), uid.random(), Optional.empty());
            }
            return new Reading(reader, atr, "", false, Optional.of(((UidReading.NoUid) reading).failure()));
        } catch (PcscException e) {
            Failure failure = PcscFaults.failure(PcscFaults.fault(e.code()), e.getMessage());
            return new Reading(reader, atr, "", false, Optional.of(failure));
        } catch (TransportException e) {
            return new Reading(reader, atr, "", false, Optional.of(PcscFaults.failure(e.fault(), e.getMessage())));
        }
    }
}
