package org.fobstation.pcsc;

import java.time.Duration;
import java.util.List;

/** The PC/SC service as one reader's thread uses it: every call that may hang is noted on the reader's clock. */
final class ClockedService implements SmartCardService {

    private final SmartCardService service;
    private final CallClock clock;

    ClockedService(SmartCardService service, CallClock clock) {
        this.service = service;
        this.clock = clock;
    }

    @Override
    public SmartCardContext establish() throws PcscException {
        return new Context(clocked("SCardEstablishContext", service::establish));
    }

    @Override
    public String description() {
        return service.description();
    }

    private interface Call<T> {
        T make() throws PcscException;
    }

    private <T> T clocked(String name, Call<T> call) throws PcscException {
        clock.enter(name);
        try {
            return call.make();
        } finally {
            clock.leave();
        }
    }

    private void clocked(String name, Runnable call) {
        clock.enter(name);
        try {
            call.run();
        } finally {
            clock.leave();
        }
    }

    private final class Context implements SmartCardContext {

        private final SmartCardContext context;

        Context(SmartCardContext context) {
            this.context = context;
        }

        @Override
        public List<String> readers() throws PcscException {
            return clocked("SCardListReaders", context::readers);
        }

        /** Not noted: this one waits on purpose, and has a limit. */
        @Override
        public List<ReaderState> waitForChange(List<ReaderState> known, Duration timeout) throws PcscException {
            return context.waitForChange(known, timeout);
        }

        @Override
        public CardConnection connect(String reader) throws PcscException {
            return new Connection(clocked("SCardConnect", () -> context.connect(reader)));
        }

        @Override
        public void cancel() {
            context.cancel();
        }

        @Override
        public void close() {
            clocked("SCardReleaseContext", context::close);
        }
    }

    private final class Connection implements CardConnection {

        private final CardConnection connection;

        Connection(CardConnection connection) {
            this.connection = connection;
        }

        @Override
        public byte[] atr() {
            return connection.atr();
        }

        @Override
        public byte[] transmit(byte[] command) throws PcscException {
            return clocked("SCardTransmit", () -> connection.transmit(command));
        }

        @Override
        public void close() {
            clocked("SCardDisconnect", connection::close);
        }
    }
}
