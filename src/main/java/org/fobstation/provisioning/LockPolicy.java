package org.fobstation.provisioning;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.scp03.Scp03Mode;
import org.fobstation.scp03.SecureChannel;

/**
 * What locks the issuer security domain after the payload: steps in their order, or none.
 *
 * @param steps empty for the policy {@code none}
 */
public record LockPolicy(List<LockStep> steps) {

    /** What fits in either mode: a raw command is known before the card is. */
    private static final int MOST_RAW_DATA = SessionSettings.shortLimit(Scp03Mode.S16);

    public LockPolicy {
        steps = List.copyOf(steps);
    }

    /**
     * Reads the setting {@code lock.policy}: {@code none}, or steps {@code secured}, {@code rotate-keys},
     * {@code card-locked}, {@code raw:HEX} separated by commas.
     *
     * @param permanent {@code lock.permanent}: whether a lock is wanted that nobody can ever undo
     * @throws IllegalArgumentException with the reason, for an unknown step or an order that cannot be carried out
     */
    public static LockPolicy parse(String setting, boolean permanent) {
        if (setting.strip().equals("none")) {
            return new LockPolicy(List.of());
        }
        List<LockStep> steps = new ArrayList<>();
        for (String name : setting.split(",", -1)) {
            steps.add(step(name.strip()));
        }
        requireOrder(steps, permanent);
        return new LockPolicy(steps);
    }

    private static LockStep step(String name) {
        if (name.toLowerCase(Locale.ROOT).startsWith("raw:")) {
            return new LockStep.Raw(rawCommand(name.substring(4)));
        }
        return switch (name) {
            case "secured" -> new LockStep.SetStatus(LifeCycle.SECURED);
            case LockStep.SetStatus.CARD_LOCKED -> new LockStep.SetStatus(LifeCycle.CARD_LOCKED);
            case LockStep.RotateKeys.NAME -> new LockStep.RotateKeys();
            case "none" -> throw new IllegalArgumentException("'none' stands alone");
            default ->
                throw new IllegalArgumentException("'" + name
                        + "' is no step; steps are secured, rotate-keys, card-locked, raw:HEX, or none alone");
        };
    }

    private static CommandApdu rawCommand(String hex) {
        CommandApdu command;
        try {
            command = CommandApdu.parse(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("raw:" + hex + " is no command: " + e.getMessage(), e);
        }
        if (!SecureChannel.carries(command.cla())) {
            throw new IllegalArgumentException(
                    "raw:" + hex + " cannot be sent under secure messaging: write the plain CLA, such as 80");
        }
        if (command.dataLength() > MOST_RAW_DATA) {
            throw new IllegalArgumentException("raw:" + hex + " has " + command.dataLength()
                    + " bytes of data, a short command under secure messaging holds " + MOST_RAW_DATA);
        }
        return command;
    }

    /**
     * Life cycle states only move forward, so each may be asked for once and in rising order. CARD_LOCKED is proved by
     * a SELECT, which ends the session, and fixes the keys, so nothing follows it. After rotate-keys nobody can open a
     * session any more: what it is to lock must be done before, so that a fob torn away earlier can be finished.
     */
    private static void requireOrder(List<LockStep> steps, boolean permanent) {
        int reached = 0;
        boolean rotated = false;
        for (LockStep step : steps) {
            if (reached == LifeCycle.CARD_LOCKED.coding()) {
                throw new IllegalArgumentException("card-locked comes last, '" + step.name() + "' cannot follow it");
            }
            if (rotated) {
                requireMayFollowRotation(step, permanent);
            }
            rotated |= step instanceof LockStep.RotateKeys;
            if (step instanceof LockStep.SetStatus status) {
                if (status.target().coding() <= reached) {
                    throw new IllegalArgumentException("the life cycle never moves back: '" + step.name()
                            + "' cannot follow; write secured, card-locked in this order, each once");
                }
                reached = status.target().coding();
            }
        }
    }

    private static void requireMayFollowRotation(LockStep step, boolean permanent) {
        if (!step.name().equals(LockStep.SetStatus.CARD_LOCKED)) {
            throw new IllegalArgumentException("rotate-keys comes last, '" + step.name() + "' cannot follow it");
        }
        if (!permanent) {
            throw new IllegalArgumentException("after rotate-keys nobody can ever undo card-locked;"
                    + " write lock.permanent = true if that is wanted, or leave one of the two out");
        }
    }

    boolean rotatesKeys() {
        return steps.stream().anyMatch(LockStep.RotateKeys.class::isInstance);
    }

    /** Whether the keys are replaced by the last step, so that with them everything is done. */
    boolean endsWithRotation() {
        return !steps.isEmpty() && steps.get(steps.size() - 1) instanceof LockStep.RotateKeys;
    }

    boolean endsWithCardLocked() {
        return !steps.isEmpty() && steps.get(steps.size() - 1).name().equals(LockStep.SetStatus.CARD_LOCKED);
    }

    /** As in the setting. */
    @Override
    public String toString() {
        return steps.isEmpty() ? "none" : steps.stream().map(LockStep::name).collect(Collectors.joining(", "));
    }
}
