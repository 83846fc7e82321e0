package org.fobstation.station;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.fobstation.provisioning.AttemptLimits;
import org.fobstation.provisioning.LockPolicy;
import org.fobstation.provisioning.LockSettings;
import org.fobstation.provisioning.PayloadSettings;
import org.fobstation.provisioning.RunSettings;
import org.fobstation.provisioning.SessionSettings;
import org.fobstation.provisioning.SessionSettings.ModeChoice;
import org.fobstation.scp03.Compatibility;
import org.fobstation.scp03.PutKey;
import org.fobstation.scp03.Scp03Mode;
import org.fobstation.scp03.SecurityLevel;

/** Reads what the configuration says of cards: session, payload, lock and attempts. */
final class CardSettings {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** The values of {@code scp03.counter}. */
    private enum CounterRule {
        EVERY_COMMAND,
        WITH_DATA_ONLY
    }

    private CardSettings() {}

    /** Null if anything was wrong; the reader knows what. */
    static RunSettings read(SettingsReader reader) {
        Duration keyTtl = reader.duration("klms.key-ttl", "5 s", MILLI, HOUR);
        Duration runTimeout = reader.duration("card.run-timeout", "30 s", MILLI, HOUR);
        SessionSettings session = session(reader);
        PayloadSettings payload = payload(reader, session);
        LockSettings lock = lock(reader);
        AttemptLimits attempts = new AttemptLimits(
                orZero(reader.integer("card.max-attempts", 3, 1, 100)),
                reader.duration("card.attempt-pause", "10 s", Duration.ZERO, HOUR));
        if (session != null
                && session.isdAid().length == 0
                && lock.statusData() == LockSettings.StatusData.AID
                && lock.policy() != null
                && !lock.policy().steps().isEmpty()) {
            reader.problem(
                    reader.where("card.isd-aid"),
                    "card.isd-aid is empty, and lock.set-status-data = aid needs it",
                    "Name the AID, or set lock.set-status-data = none");
        }
        boolean untouched = isTrue(reader.flag("klms.audit-untouched", false));
        return reader.hasProblems()
                ? null
                : new RunSettings(keyTtl, runTimeout, session, payload, lock, attempts, untouched);
    }

    private static SessionSettings session(SettingsReader reader) {
        byte[] isdAid = reader.parsed("card.isd-aid", "A000000151000000", CardSettings::aid);
        Optional<SecurityLevel> level = reader.parsed("scp03.level", "33", CardSettings::level);
        ModeChoice mode = reader.choice("scp03.mode", ModeChoice.AUTO, ModeChoice.class);
        CounterRule counter = reader.choice("scp03.counter", CounterRule.EVERY_COMMAND, CounterRule.class);
        boolean readData = isTrue(reader.flag("card.read-data", true));
        boolean extended = isTrue(reader.flag("card.extended-length", false));
        if (isdAid == null || level == null || mode == null) {
            return null;
        }
        Compatibility compatibility = new Compatibility(counter == CounterRule.WITH_DATA_ONLY, false);
        return new SessionSettings(isdAid, level, mode, compatibility, readData, extended);
    }

    private static PayloadSettings payload(SettingsReader reader, SessionSettings session) {
        Set<Integer> instructions = reader.parsed("payload.instructions", "E2,D8,DA", CardSettings::instructions);
        Set<Integer> repeatable = reader.parsed("payload.repeatable", "E2,DA", CardSettings::instructions);
        ModeChoice mode = session == null ? ModeChoice.AUTO : session.mode();
        OptionalInt blockSize = reader.parsed("payload.block-size", "", value -> blockSize(value, mode));
        byte[] applet = reader.parsed("payload.applet-aid", "", CardSettings::aid);
        if (instructions == null || repeatable == null || blockSize == null || applet == null) {
            return null;
        }
        return new PayloadSettings(instructions, repeatable, blockSize, applet);
    }

    private static LockSettings lock(SettingsReader reader) {
        boolean permanent = isTrue(reader.flag("lock.permanent", false));
        LockPolicy policy =
                reader.parsed("lock.policy", "secured, rotate-keys", value -> LockPolicy.parse(value, permanent));
        LockSettings.StatusData statusData =
                reader.choice("lock.set-status-data", LockSettings.StatusData.AID, LockSettings.StatusData.class);
        Integer rotatedKvn = reader.parsed("lock.rotated-kvn", "3F", CardSettings::rotatedKvn);
        LockSettings.OtherKeySets others =
                reader.choice("lock.other-key-sets", LockSettings.OtherKeySets.REFUSE, LockSettings.OtherKeySets.class);
        return new LockSettings(policy, statusData, orZero(rotatedKvn), others);
    }

    /** Empty for {@code auto}. */
    private static Optional<SecurityLevel> level(String value) {
        return switch (value) {
            case "33" -> Optional.of(SecurityLevel.LEVEL_33);
            case "13" -> Optional.of(SecurityLevel.LEVEL_13);
            case "03" -> Optional.of(SecurityLevel.LEVEL_03);
            case "auto" -> Optional.empty();
            default -> throw new IllegalArgumentException("'" + value + "'; the station uses 33, 13, 03 or auto");
        };
    }

    private static byte[] aid(String value) {
        if (!value.matches("([0-9A-Fa-f]{2})*")) {
            throw new IllegalArgumentException("'" + value + "' is no row of bytes in hex");
        }
        byte[] aid = HexFormat.of().parseHex(value);
        if (aid.length != 0 && (aid.length < 5 || aid.length > 16)) {
            throw new IllegalArgumentException("an AID has 5 to 16 bytes, not " + aid.length);
        }
        return aid;
    }

    private static int rotatedKvn(String value) {
        if (!value.matches("[0-9A-Fa-f]{2}")) {
            throw new IllegalArgumentException("'" + value + "'; a KVN is two hex digits");
        }
        int kvn = Integer.parseInt(value, 16);
        if (kvn < 1 || kvn > PutKey.MAX_KVN) {
            throw new IllegalArgumentException("'" + value + "'; the KVN of new keys is 01 to 7F");
        }
        return kvn;
    }

    /** With {@code auto} a block has to fit the mode that holds less. */
    private static OptionalInt blockSize(String value, ModeChoice mode) {
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        int most = SecurityLevel.LEVEL_33.maxShortData(mode == ModeChoice.S8 ? Scp03Mode.S8 : Scp03Mode.S16);
        if (!value.matches("\\d{1,3}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(
                    "'" + value + "'; with this scp03.mode a block has 1 to " + most + " bytes");
        }
        return OptionalInt.of(Integer.parseInt(value));
    }

    private static Set<Integer> instructions(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(ins -> !ins.isEmpty())
                .map(ins -> {
                    if (!ins.matches("E2|D8|DA")) {
                        throw new IllegalArgumentException("'" + ins + "'; a payload may be E2, D8 or DA");
                    }
                    return Integer.valueOf(ins, 16);
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isTrue(Boolean read) {
        return Boolean.TRUE.equals(read);
    }

    private static int orZero(Integer read) {
        return read == null ? 0 : read;
    }
}
