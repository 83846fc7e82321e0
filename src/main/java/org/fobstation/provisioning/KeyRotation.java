package org.fobstation.provisioning;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.SortedSet;
import org.fobstation.apdu.ResponseApdu;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.JournalException;
import org.fobstation.klms.KeyPackage;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;
import org.fobstation.outcome.StatusTable;
import org.fobstation.scp03.Handshake;
import org.fobstation.scp03.PutKey;
import org.fobstation.scp03.Scp03Exception;
import org.fobstation.scp03.SecureChannel;
import org.fobstation.scp03.StaticKeys;

/**
 * The lock step rotate-keys: random keys take the place of the issued ones, and a session opened with them proves it.
 * The new keys are wiped on every path; nobody holds them afterwards.
 *
 * <pre>
 * PUT KEY, P1 issued KVN ─ KCVs ─ SELECT ─ GET DATA E0 ─ INITIALIZE UPDATE, EXTERNAL AUTHENTICATE with the new keys
 * </pre>
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.8 (PUT KEY)"
 */
final class KeyRotation {

    private static final KeyPackage.Custodian CUSTODIAN = new KeyPackage.Custodian() {};

    /** Wrapped data begin behind CLA INS P1 P2 Lc. */
    private static final int DATA_AT = 5;

    private static final int KEY_SET_ABSENT = 0x6A88;

    /** Forces to disk that the card took the new keys and that their proof comes next. */
    @FunctionalInterface
    interface ProofAnnouncement {
        void announce() throws JournalException;
    }

    /** Where new keys come from. */
    @FunctionalInterface
    interface KeySource {

        /** @param length of each key, 16, 24 or 32 bytes */
        StaticKeys draw(int length);
    }

    private final RunSettings settings;
    private final ProvisioningRun run;
    private final KeyPackage issued;
    private final KeySource source;
    private final SecureRandom random;
    private final ProofAnnouncement announcement;

    KeyRotation(
            RunSettings settings,
            ProvisioningRun run,
            KeyPackage issued,
            KeySource source,
            SecureRandom random,
            ProofAnnouncement announcement) {
        this.settings = settings;
        this.run = run;
        this.issued = issued;
        this.source = source;
        this.random = random;
        this.announcement = announcement;
    }

    /**
     * Whether the step can be carried out with what the KLMS issued, asked before the card is touched.
     *
     * @throws RunFailedException ROTATED_KVN_ISSUED, or FACTORY_KEYS for a version that PUT KEY cannot replace
     */
    static void check(LockSettings lock, KeyPackage issued) throws RunFailedException {
        if (!lock.policy().rotatesKeys()) {
            return;
        }
        if (issued.keyVersion() == lock.rotatedKvn()) {
            throw new RunFailedException(new Failure(
                    FailureCode.ROTATED_KVN_ISSUED,
                    Stage.KEY_REQUEST,
                    String.format("KVN %02X is issued and is lock.rotated-kvn", issued.keyVersion())));
        }
        if (issued.keyVersion() > PutKey.MAX_KVN) {
            throw new RunFailedException(new Failure(
                    FailureCode.FACTORY_KEYS,
                    Stage.KEY_REQUEST,
                    String.format("the key server issued KVN %02X", issued.keyVersion())));
        }
    }

    /**
     * @param channel the session under the issued keys; over afterwards, because some cards keep it and some do not
     * @return a session under the new keys at the same level and in the same mode, the caller's to close
     */
    SecureChannel rotate(SecureChannel channel)
            throws RunFailedException, Scp03Exception, TransportException, JournalException {
        try (StaticKeys fresh = source.draw(issued.staticKeys(CUSTODIAN).keyLength())) {
            putKey(channel, fresh);
            channel.close();
            announcement.announce();
            SecurityDomainReader reader = reader();
            select(reader);
            requireAlone(reader.keyInformation());
            return prove(fresh, channel);
        }
    }

    /** The card is no foreign one any more: it has just taken keys. */
    private static void select(SecurityDomainReader reader) throws RunFailedException, TransportException {
        try {
            reader.select();
        } catch (RunFailedException e) {
            throw failed(FailureCode.ROTATION_NOT_PROVED, e.failure().detail());
        }
    }

    private void putKey(SecureChannel channel, StaticKeys fresh)
            throws RunFailedException, Scp03Exception, TransportException {
        PutKey putKey = PutKey.of(
                issued.keyVersion(),
                settings.lock().rotatedKvn(),
                fresh,
                issued.staticKeys(CUSTODIAN).dek(),
                PutKey.Format.INNER_LENGTH);
        run.warn(
                "the data of PUT KEY (84D8) are zeros in the trace: with the issued keys they would give the new ones");
        run.trace().maskNext(DATA_AT, Integer.MAX_VALUE);
        ResponseApdu answer = channel.transmit(putKey.command());
        if (!answer.status().isSuccess()) {
            throw refused(answer);
        }
        putKey.check(answer);
    }

    private RunFailedException refused(ResponseApdu answer) throws RunFailedException, TransportException {
        Failure failure = StatusTable.failure(Stage.ISD_LOCK, "PUT KEY", answer.status());
        if (answer.status().value() == KEY_SET_ABSENT && issuedKeysAreGone()) {
            boolean byThePayload = issued.payload(CUSTODIAN).ins() == PayloadDelivery.PUT_KEY;
            return failed(
                    byThePayload ? FailureCode.KEY_SET_REPLACED : FailureCode.ROTATION_UNCLEAR,
                    "PUT KEY gave 6A88, and the card no longer lists the issued KVN");
        }
        boolean ofTheKeys =
                switch (failure.code()) {
                    case LOCK_REFUSED, CARD_MEMORY_FULL -> true;
                    default -> false;
                };
        return ofTheKeys ? failed(FailureCode.ROTATION_REFUSED, failure.detail()) : new RunFailedException(failure);
    }

    private boolean issuedKeysAreGone() throws RunFailedException, TransportException {
        SecurityDomainReader reader = reader();
        reader.select();
        return reader.keyInformation()
                .filter(keys -> !keys.holds(issued.keyVersion()))
                .isPresent();
    }

    private void requireAlone(Optional<KeyInformation> information) throws RunFailedException {
        if (information.isEmpty()) {
            if (settings.lock().refusesOtherKeySets()) {
                throw failed(FailureCode.ROTATION_NOT_SHOWN, "GET DATA E0 gave no key information");
            }
            run.warn("the card does not list its key sets: whether there are others is not known");
            return;
        }
        KeyInformation keys = information.get();
        int rotated = settings.lock().rotatedKvn();
        if (!keys.holds(rotated)) {
            throw failed(FailureCode.ROTATION_NOT_SHOWN, String.format("the card lists %s, not %02X", keys, rotated));
        }
        if (keys.holds(issued.keyVersion())) {
            throw failed(FailureCode.ROTATION_INCOMPLETE, "the card lists " + keys);
        }
        SortedSet<Integer> others = keys.beside(rotated);
        if (settings.lock().refusesOtherKeySets() && !others.isEmpty()) {
            throw failed(
                    FailureCode.OTHER_KEY_SETS, "beside the new keys the card lists " + KeyInformation.text(others));
        }
    }

    private SecureChannel prove(StaticKeys fresh, SecureChannel before) throws RunFailedException, TransportException {
        try (Handshake handshake = Handshake.begin(
                run.recordedTransport(),
                fresh,
                settings.session().parameters(settings.lock().rotatedKvn(), before.mode()),
                random)) {
            return handshake.authenticate(before.level());
        } catch (Scp03Exception e) {
            throw new RunFailedException(
                    new Failure(FailureCode.ROTATION_NOT_PROVED, Stage.ISD_LOCK, e.getMessage()), e);
        }
    }

    private SecurityDomainReader reader() {
        return new SecurityDomainReader(
                run.recordedTransport(), settings.session().isdAid(), Stage.ISD_LOCK);
    }

    private static RunFailedException failed(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.ISD_LOCK, detail));
    }
}
