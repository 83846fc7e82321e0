package org.fobstation.simulator.fob;

import java.util.HashMap;
import java.util.Map;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;
import org.fobstation.simulator.fob.CardSession.Handshake;

/** Takes a command as it came and finds who answers it. Guarded by the fob. */
final class CardDispatcher {

    private static final int ISO = 0x00;
    private static final int GLOBAL_PLATFORM = 0x80;
    private static final int SECURE_MESSAGING = 0x04;
    private static final int READER = 0xFF;

    private final FobFeatures features;
    private final byte[] uid;
    private final CardMemory memory;
    private final CardSession session;
    private final ApplicationSelection selection;
    private final ChannelOpening opening;
    private final SecurityDomain domain;
    private final Map<Integer, Integer> refused = new HashMap<>();

    CardDispatcher(
            FobFeatures features,
            byte[] uid,
            CardMemory memory,
            CardSession session,
            ApplicationSelection selection,
            ChannelOpening opening,
            SecurityDomain domain) {
        this.features = features;
        this.uid = uid;
        this.memory = memory;
        this.session = session;
        this.selection = selection;
        this.opening = opening;
        this.domain = domain;
    }

    /** From now on answers {@code ins} with {@code status}; a secured command is unwrapped first, as a card would. */
    void refuse(int ins, int status) {
        refused.put(ins, status);
    }

    void refuseNoLonger(int ins) {
        refused.remove(ins);
    }

    ResponseApdu answer(byte[] raw) {
        try {
            CommandApdu command = parse(raw);
            return command.cla() == READER ? readerCommand(command) : route(raw, command);
        } catch (CardRefusal refusal) {
            return ResponseApdu.of(refusal.status());
        }
    }

    private static CommandApdu parse(byte[] raw) {
        try {
            return CommandApdu.parse(raw);
        } catch (IllegalArgumentException lengthsDoNotFit) {
            throw new CardRefusal(0x6700);
        }
    }

    /** FF CA 00 00 Le, which a contactless reader answers from the anticollision (PC/SC part 3, 3.2.2.1.3). */
    private ResponseApdu readerCommand(CommandApdu command) {
        CardRefusal.unless(command.ins() == 0xCA, 0x6D00);
        boolean asksUid = command.p1() == 0 && command.p2() == 0 && uid.length > 0;
        CardRefusal.unless(asksUid, 0x6A81);
        CardRefusal.unless(command.ne() == 0 || command.ne() >= uid.length, 0x6C00 | uid.length);
        boolean exact = command.ne() == 0 || command.ne() == CommandApdu.NE_SHORT_MAX || command.ne() == uid.length;
        return ResponseApdu.of(uid, new StatusWord(exact ? 0x9000 : 0x6282));
    }

    private ResponseApdu route(byte[] raw, CommandApdu command) {
        Handshake handshake = session.takeHandshake();
        int ins = command.ins();
        requireKnownClass(command.cla());
        CardRefusal.unless(features.extendedLength() || !CardSecureChannel.isExtended(raw), 0x6700);
        CardRefusal.unless(memory.lifeCycle() != LifeCycle.TERMINATED || ins == 0xCA, 0x6985);
        if (command.cla() == ISO && ins == 0xA4) {
            requireNotRefused(ins);
            return selection.select(command);
        }
        CardRefusal.unless(session.isSecurityDomainSelected(), 0x6D00);
        if (command.cla() == GLOBAL_PLATFORM && ins == 0x50) {
            requireNotRefused(ins);
            return opening.initializeUpdate(command);
        }
        if (ins == 0x82) {
            requireNotRefused(ins);
            CardRefusal.unless(command.cla() == (GLOBAL_PLATFORM | SECURE_MESSAGING), 0x6E00);
            return opening.externalAuthenticate(raw, command, handshake);
        }
        return session.channel() == null ? withoutSession(command) : inSession(raw, command);
    }

    /** No logical channels, no command chaining, no other class. */
    private static void requireKnownClass(int cla) {
        int base = cla & ~SECURE_MESSAGING;
        boolean known = base == ISO || base == GLOBAL_PLATFORM;
        boolean channel = (base & ~0x03) == ISO || (base & ~0x03) == GLOBAL_PLATFORM || (cla & 0x40) != 0;
        CardRefusal.unless(known || !channel, 0x6881);
        CardRefusal.unless(known, 0x6E00);
    }

    private ResponseApdu withoutSession(CommandApdu command) {
        CardRefusal.unless(SecurityDomain.knows(command.ins()), 0x6D00);
        requireNotRefused(command.ins());
        CardRefusal.unless((command.cla() & SECURE_MESSAGING) == 0, 0x6985);
        CardRefusal.unless(command.ins() == 0xCA, 0x6982);
        return domain.execute(command);
    }

    private ResponseApdu inSession(byte[] raw, CommandApdu command) {
        CardSecureChannel channel = session.channel();
        boolean secured = (command.cla() & SECURE_MESSAGING) != 0;
        CommandApdu plain;
        try {
            CardRefusal.unless(secured == channel.requiresMac(), secured ? 0x6882 : 0x6982);
            plain = secured ? channel.unwrap(raw, command) : command;
        } catch (CardRefusal endsTheSession) {
            session.close();
            throw endsTheSession;
        }
        requireNotRefused(plain.ins());
        return channel.wrap(domain.execute(plain));
    }

    private void requireNotRefused(int ins) {
        CardRefusal.unless(!refused.containsKey(ins), refused.getOrDefault(ins, 0x6F00));
    }
}
