package org.fobstation.simulator.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.simulator.reader.FobSlot;
import org.fobstation.simulator.reader.PcscDaemon;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.fobstation.simulator.reader.VpcdSlot;

/** The demo's reader: a virtual one in this process, or vpcd's behind the real PC/SC stack. */
final class DemoReader implements AutoCloseable {

    private static final String VIRTUAL_NAME = "Virtual Reader PICC 0";
    private static final Duration DAEMON_START = Duration.ofSeconds(10);

    /** What {@code --readers} takes. */
    enum Kind {
        virtual,
        pcsc
    }

    private final SmartCardService service;
    private final FobSlot slot;
    private final PcscDaemon daemon;

    private DemoReader(SmartCardService service, FobSlot slot, PcscDaemon daemon) {
        this.service = service;
        this.slot = slot;
        this.daemon = daemon;
    }

    static DemoReader open(Kind kind) throws DemoFailedException {
        if (kind == Kind.virtual) {
            VirtualSmartCardService service = new VirtualSmartCardService();
            return new DemoReader(service, service.plugIn(VIRTUAL_NAME), null);
        }
        try {
            PcscDaemon daemon = PcscDaemon.running(List.of(VpcdSlot.DEFAULT_PORT), DAEMON_START);
            return new DemoReader(new NativeSmartCardService(), VpcdSlot.asInstalled(0), daemon);
        } catch (IOException e) {
            throw new DemoFailedException(e.getMessage());
        }
    }

    SmartCardService service() {
        return service;
    }

    FobSlot slot() {
        return slot;
    }

    @Override
    public void close() {
        slot.close();
        if (daemon != null) {
            daemon.close();
        }
    }
}
