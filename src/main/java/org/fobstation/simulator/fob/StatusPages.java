package org.fobstation.simulator.fob;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;

/**
 * GET STATUS, answered in pages of whole templates: 6310 while more remain, fetched with P2 bit 01.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.4.3"
 */
final class StatusPages {

    /** Plain bytes that fit a short answer with C-ENC, R-MAC and R-ENC in S16 mode too. */
    private static final int PAGE = 223;

    private static final int FIRST_AS_TLV = 0x02;
    private static final int NEXT_AS_TLV = 0x03;

    private final Deque<byte[]> remaining = new ArrayDeque<>();

    ResponseApdu answer(CommandApdu command, CardRegistry registry, LifeCycle lifeCycle) {
        CardRefusal.unless(command.p2() == FIRST_AS_TLV || command.p2() == NEXT_AS_TLV, 0x6A86);
        if (command.p2() == FIRST_AS_TLV) {
            List<byte[]> templates = registry.templates(command.p1(), StatusQuery.parse(command.data()), lifeCycle);
            CardRefusal.unless(!templates.isEmpty(), 0x6A88);
            remaining.clear();
            remaining.addAll(templates);
        }
        CardRefusal.unless(!remaining.isEmpty(), 0x6985);
        byte[] page = remaining.remove();
        while (!remaining.isEmpty() && page.length + remaining.peek().length <= PAGE) {
            page = CardCrypto.join(page, remaining.remove());
        }
        return ResponseApdu.of(page, new StatusWord(remaining.isEmpty() ? 0x9000 : 0x6310));
    }

    void clear() {
        remaining.clear();
    }
}
