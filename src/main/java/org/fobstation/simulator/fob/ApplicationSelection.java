package org.fobstation.simulator.fob;

import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;

/**
 * SELECT by AID, whole or its beginning; without AID the issuer security domain. Guarded by the fob.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.9"
 */
final class ApplicationSelection {

    private static final int BY_NAME = 0x04;
    private static final int NEXT_OCCURRENCE = 0x02;
    private static final byte[] MAX_COMMAND_DATA = {(byte) 0xFF};

    private final CardRegistry registry;
    private final CardMemory memory;
    private final CardSession session;

    ApplicationSelection(CardRegistry registry, CardMemory memory, CardSession session) {
        this.registry = registry;
        this.memory = memory;
        this.session = session;
    }

    ResponseApdu select(CommandApdu command) {
        CardRefusal.unless(command.p1() == BY_NAME, 0x6A86);
        CardRefusal.unless(command.p2() != NEXT_OCCURRENCE, 0x6A82);
        CardRefusal.unless(command.p2() == 0, 0x6A86);
        boolean locked = memory.lifeCycle() == LifeCycle.CARD_LOCKED;
        byte[] aid = command.data();
        if (StatusQuery.beginsWith(registry.isdAid(), aid)) {
            session.select(registry.isdAid());
            byte[] proprietary = Tlv.of(0xA5, Tlv.of(0x9F65, MAX_COMMAND_DATA));
            byte[] fci = Tlv.of(0x6F, Tlv.of(0x84, registry.isdAid()), proprietary);
            return ResponseApdu.of(fci, new StatusWord(locked ? 0x6283 : 0x9000));
        }
        byte[] applet = registry.applets().stream()
                .filter(candidate -> StatusQuery.beginsWith(candidate, aid))
                .findFirst()
                .orElseThrow(() -> new CardRefusal(0x6A82));
        CardRefusal.unless(!locked, 0x6A81);
        session.select(applet);
        return ResponseApdu.of(Tlv.of(0x6F, Tlv.of(0x84, applet)), StatusWord.SUCCESS);
    }
}
