package org.fobstation.simulator.fob;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.StatusWord;

/**
 * The issuer security domain's commands, plain, from an authenticated host; GET DATA from any. Guarded by the fob.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 chapter 11"
 */
final class SecurityDomain {

    private static final int RESPONSE_DATA = 0x01;
    private static final int THREE_KEYS_FROM_ID_1 = 0x81;
    private static final int ISSUER_SECURITY_DOMAIN = 0x80;
    private static final int FOR_PERSONALIZATION = 0x20;

    private final FobFeatures features;
    private final CardRegistry registry;
    private final CardMemory memory;
    private final CardSession session;
    private final byte[] storeDataAnswer;

    SecurityDomain(
            FobFeatures features,
            CardRegistry registry,
            CardMemory memory,
            CardSession session,
            byte[] storeDataAnswer) {
        this.features = features;
        this.registry = registry;
        this.memory = memory;
        this.session = session;
        this.storeDataAnswer = storeDataAnswer;
    }

    /** Whether this instruction is one of those below. */
    static boolean knows(int ins) {
        return switch (ins) {
            case 0xCA, 0xDA, 0xD8, 0xE2, 0xE6, 0xF0, 0xF2 -> true;
            default -> false;
        };
    }

    ResponseApdu execute(CommandApdu command) {
        if (command.ins() != 0xE2) {
            session.storeData().clear();
        }
        return switch (command.ins()) {
            case 0xCA -> fitting(command, memory.object(command.p1() << 8 | command.p2()));
            case 0xF2 -> session.statusPages().answer(command, registry, memory.lifeCycle());
            case 0xF0 -> setStatus(command);
            case 0xDA, 0xD8, 0xE2, 0xE6 -> changeContent(command);
            default -> throw new CardRefusal(0x6D00);
        };
    }

    /** 6Cxx if the answer, as it goes over the air, is longer than Le allows. */
    private ResponseApdu fitting(CommandApdu command, byte[] data) {
        CardSecureChannel channel = session.channel();
        int length = channel == null ? data.length : channel.wrappedLength(data.length);
        CardRefusal.unless(command.ne() == 0 || length <= command.ne(), 0x6C00 | length & 0xFF);
        return ResponseApdu.of(data, StatusWord.SUCCESS);
    }

    /** Keys and content of a locked card are fixed. */
    private ResponseApdu changeContent(CommandApdu command) {
        CardRefusal.unless(memory.lifeCycle() != LifeCycle.CARD_LOCKED, 0x6985);
        return switch (command.ins()) {
            case 0xDA -> putData(command);
            case 0xD8 -> putKey(command);
            case 0xE2 -> storeData(command);
            default -> install(command);
        };
    }

    private ResponseApdu putData(CommandApdu command) {
        memory.put(command.p1() << 8 | command.p2(), command.data());
        return ResponseApdu.of(0x9000);
    }

    private ResponseApdu putKey(CommandApdu command) {
        CardRefusal.unless(command.p2() == THREE_KEYS_FROM_ID_1, 0x6A86);
        int replaced = command.p1();
        CardRefusal.unless(replaced == 0 || memory.keyRing().has(replaced), 0x6A88);
        CardKeySet set = PutKeyData.open(command, session.keys().dek(), features);
        memory.keyRing().put(replaced, set);
        return ResponseApdu.of(PutKeyData.answer(set), StatusWord.SUCCESS);
    }

    private ResponseApdu storeData(CommandApdu command) {
        Optional<StoreDataBuffer.Complete> complete = session.storeData().accept(command, memory.room());
        complete.ifPresent(whole -> {
            HexFormat hex = HexFormat.of().withUpperCase();
            StoredData data = new StoredData(hex.formatHex(session.target()), whole.p1(), hex.formatHex(whole.data()));
            memory.store(data, whole.data().length);
        });
        boolean answers = complete.isPresent() && (command.p1() & RESPONSE_DATA) != 0;
        return ResponseApdu.of(answers ? storeDataAnswer : new byte[0], StatusWord.SUCCESS);
    }

    /** INSTALL [for personalization]: {@code 00 00 len AID 00 00 00}. */
    private ResponseApdu install(CommandApdu command) {
        CardRefusal.unless(command.p1() == FOR_PERSONALIZATION && command.p2() == 0, 0x6A86);
        byte[] data = command.data();
        CardRefusal.unless(data.length > 3 && data[0] == 0 && data[1] == 0, 0x6A80);
        int length = data[2] & 0xFF;
        CardRefusal.unless(data.length == length + 6, 0x6A80);
        byte[] aid = Arrays.copyOfRange(data, 3, 3 + length);
        CardRefusal.unless(registry.applets().stream().anyMatch(known -> Arrays.equals(known, aid)), 0x6A88);
        session.personalize(aid);
        return ResponseApdu.of(new byte[1], StatusWord.SUCCESS);
    }

    /** Data with P1 = 80 are allowed and ignored (section 11.10.2.3). */
    private ResponseApdu setStatus(CommandApdu command) {
        CardRefusal.unless(command.p1() == ISSUER_SECURITY_DOMAIN, 0x6A86);
        LifeCycle next = LifeCycle.of(command.p2()).orElseThrow(() -> new CardRefusal(0x6A86));
        CardRefusal.unless(memory.lifeCycle().mayBecome(next), 0x6985);
        memory.become(next);
        return ResponseApdu.of(0x9000);
    }
}
