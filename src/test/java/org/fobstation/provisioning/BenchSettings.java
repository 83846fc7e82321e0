package org.fobstation.provisioning;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.fobstation.provisioning.LockSettings.OtherKeySets;
import org.fobstation.provisioning.LockSettings.StatusData;
import org.fobstation.provisioning.SessionSettings.ModeChoice;
import org.fobstation.scp03.Compatibility;
import org.fobstation.scp03.SecurityLevel;

/** The shipped settings, to be changed before a fob is presented. */
final class BenchSettings {

    Optional<SecurityLevel> level = Optional.of(SecurityLevel.LEVEL_33);
    ModeChoice mode = ModeChoice.AUTO;
    boolean counterWithDataOnly;
    boolean readData = true;
    boolean extendedLength;
    OptionalInt blockSize = OptionalInt.empty();
    String appletAid = "";
    Set<Integer> repeatable = Set.of(0xE2, 0xDA);
    String policy = "secured, rotate-keys";
    boolean permanent;
    StatusData statusData = StatusData.AID;
    int rotatedKvn = 0x3F;
    OtherKeySets otherKeySets = OtherKeySets.REFUSE;
    AttemptLimits attempts = new AttemptLimits(3, Duration.ZERO);

    RunSettings build() {
        HexFormat hex = HexFormat.of();
        return new RunSettings(
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                new SessionSettings(
                        hex.parseHex("A000000151000000"),
                        level,
                        mode,
                        new Compatibility(counterWithDataOnly, false),
                        readData,
                        extendedLength),
                new PayloadSettings(Set.of(0xE2, 0xD8, 0xDA), repeatable, blockSize, hex.parseHex(appletAid)),
                new LockSettings(LockPolicy.parse(policy, permanent), statusData, rotatedKvn, otherKeySets),
                attempts,
                true);
    }
}
