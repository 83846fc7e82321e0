package org.fobstation.provisioning;

import java.util.HexFormat;
import org.fobstation.apdu.CommandApdu;

/** One step of the ISD lock, carried out under secure messaging. */
public sealed interface LockStep {

    /** The name in {@code lock.policy}, in the journal and in messages. */
    String name();

    /**
     * SET STATUS to a life cycle state.
     *
     * @param target SECURED or CARD_LOCKED
     */
    record SetStatus(LifeCycle target) implements LockStep {

        static final String CARD_LOCKED = "card-locked";

        @Override
        public String name() {
            return target == LifeCycle.SECURED ? "secured" : CARD_LOCKED;
        }
    }

    /** PUT KEY: random keys that the station draws and forgets take the place of the issued ones. */
    record RotateKeys() implements LockStep {

        static final String NAME = "rotate-keys";

        @Override
        public String name() {
            return NAME;
        }
    }

    /** Any one command, sent wrapped; 9000 is expected. */
    record Raw(CommandApdu command) implements LockStep {
        @Override
        public String name() {
            return "raw:" + HexFormat.of().withUpperCase().formatHex(command.encode());
        }
    }
}
