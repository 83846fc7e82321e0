package org.fobstation.provisioning;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.JournalException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;
import org.fobstation.scp03.Scp03Exception;
import org.fobstation.scp03.SecureChannel;

/**
 * Carries out the steps of the lock policy. A life cycle state is proved by reading it back, new keys by a session opened
 * with them; steps behind that go through this session.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 sections 11.4 (GET STATUS) and 11.10 (SET STATUS)"
 */
final class IsdLock implements AutoCloseable {

    private static final int MORE_DATA = 0x6310;
    private static final int MOST_STATUS_ANSWERS = 16;
    private static final List<LifeCycle> ASCENT =
            List.of(LifeCycle.OP_READY, LifeCycle.INITIALIZED, LifeCycle.SECURED, LifeCycle.CARD_LOCKED);

    private final ApduTransport bare;
    private final RunSettings settings;
    private final KeyRotation rotation;
    private SecureChannel channel;

    /**
     * @param channel closed with this
     * @param bare the way around secure messaging, to ask a locked card with SELECT
     */
    IsdLock(SecureChannel channel, ApduTransport bare, RunSettings settings, KeyRotation rotation) {
        this.channel = channel;
        this.bare = bare;
        this.settings = settings;
        this.rotation = rotation;
    }

    void apply(LockStep step) throws RunFailedException, Scp03Exception, TransportException, JournalException {
        if (step instanceof LockStep.Raw raw) {
            require(step.name(), channel.transmit(raw.command()));
        } else if (step instanceof LockStep.SetStatus status) {
            ascend(status.target());
        } else if (step instanceof LockStep.RotateKeys) {
            channel = rotation.rotate(channel);
        } else {
            throw new IllegalStateException("no way to carry out " + step.name());
        }
    }

    /** Only the transitions from the present state to the target are asked for: cards refuse any other. */
    private void ascend(LifeCycle target) throws RunFailedException, Scp03Exception, TransportException {
        LifeCycle present = read();
        int from = ASCENT.indexOf(present);
        int to = ASCENT.indexOf(target);
        if (from < 0 || from > to) {
            throw failed(FailureCode.LIFE_CYCLE_UNEXPECTED, "the card is " + present + ", wanted is " + target);
        }
        List<LifeCycle> missing = new ArrayList<>(ASCENT.subList(from + 1, to + 1));
        for (LifeCycle next : missing) {
            setStatus(next);
        }
        if (!missing.isEmpty()) {
            prove(target);
        }
    }

    private void setStatus(LifeCycle state) throws RunFailedException, Scp03Exception, TransportException {
        boolean withAid = settings.lock().statusData() == LockSettings.StatusData.AID;
        byte[] data = withAid ? settings.session().isdAid() : new byte[0];
        require("SET STATUS " + state, channel.transmit(CommandApdu.of(0x80, 0xF0, 0x80, state.coding(), data)));
    }

    private void prove(LifeCycle target) throws RunFailedException, Scp03Exception, TransportException {
        LifeCycle now;
        if (target == LifeCycle.CARD_LOCKED) {
            boolean locked = new SecurityDomainReader(bare, settings.session().isdAid(), Stage.ISD_LOCK).isCardLocked();
            now = locked ? LifeCycle.CARD_LOCKED : LifeCycle.SECURED;
        } else {
            now = read();
        }
        if (now != target) {
            throw failed(FailureCode.LOCK_NOT_PROVED, "the card is " + now + " after SET STATUS " + target);
        }
    }

    private LifeCycle read() throws RunFailedException, Scp03Exception, TransportException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int p2 = 0x02;
        for (int answers = 0; answers < MOST_STATUS_ANSWERS; answers++) {
            ResponseApdu answer = channel.transmit(
                    CommandApdu.of(0x80, 0xF2, 0x80, p2, new byte[] {0x4F, 0x00}, CommandApdu.NE_SHORT_MAX));
            joined.writeBytes(answer.data());
            if (answer.status().value() != MORE_DATA) {
                require("GET STATUS", answer);
                Optional<LifeCycle> state = IsdStatus.lifeCycle(joined.toByteArray());
                return state.orElseThrow(() ->
                        failed(FailureCode.CARD_ANSWER_INVALID, "GET STATUS shows no life cycle state (tag 9F70)"));
            }
            p2 = 0x03;
        }
        throw failed(FailureCode.CARD_ANSWER_INVALID, "GET STATUS does not end");
    }

    /** Wipes the keys of the session that is open. */
    @Override
    public void close() {
        channel.close();
    }

    private static void require(String command, ResponseApdu answer) throws RunFailedException {
        if (!answer.status().isSuccess()) {
            throw new RunFailedException(StatusTable.failure(Stage.ISD_LOCK, command, answer.status()));
        }
    }

    private static RunFailedException failed(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.ISD_LOCK, detail));
    }
}
