package org.fobstation.station;

import org.fobstation.pcsc.SmartCardService;
import org.fobstation.simulator.reader.FobSlot;
import org.fobstation.simulator.reader.VirtualSmartCardService;

/** The scenarios on a virtual reader in this process. */
class VirtualReaderStationTest extends StationScenarios {

    private final VirtualSmartCardService service = new VirtualSmartCardService();

    @Override
    SmartCardService service() {
        return service;
    }

    @Override
    FobSlot openSlot() {
        return service.plugIn("Virtual Reader PICC 0");
    }
}
