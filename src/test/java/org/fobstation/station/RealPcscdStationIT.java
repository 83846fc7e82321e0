package org.fobstation.station;

import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.RealPcscd;
import org.fobstation.pcsc.SmartCardService;
import org.fobstation.simulator.reader.FobSlot;
import org.fobstation.simulator.reader.VpcdSlot;
import org.junit.jupiter.api.extension.ExtendWith;

/** The scenarios through the real PC/SC stack: pcscd and vpcd. */
@ExtendWith(RealPcscd.class)
class RealPcscdStationIT extends StationScenarios {

    @Override
    SmartCardService service() {
        return new NativeSmartCardService();
    }

    @Override
    FobSlot openSlot() {
        RealPcscd.awaitEmptyReaders();
        return VpcdSlot.asInstalled(0);
    }
}
