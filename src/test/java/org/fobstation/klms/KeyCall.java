package org.fobstation.klms;

import java.net.URI;
import java.time.Duration;
import org.fobstation.simulator.pki.StationStores;

/** The station's way to a key server over mutual TLS, through the shipped routes, for tests of other packages. */
public final class KeyCall implements AutoCloseable {

    /** As many connections as its pool holds. */
    public static final int POOL = 4;

    private final KlmsRig rig;

    private KeyCall(KlmsRig rig) {
        this.rig = rig;
    }

    /** @param answerTimeout as the setting klms.answer-timeout */
    public static KeyCall to(URI url, StationStores stores, Duration answerTimeout) throws Exception {
        return new KeyCall(KlmsRig.start(KlmsRig.settings(url, stores, answerTimeout)));
    }

    public KlmsAnswer ask(KeyRequest request) {
        return rig.template().requestBody("direct:key-package", new KlmsRig.Asking(request), KlmsAnswer.class);
    }

    @Override
    public void close() {
        rig.close();
    }
}
