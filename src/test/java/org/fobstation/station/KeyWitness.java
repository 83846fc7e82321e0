package org.fobstation.station;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fobstation.residue.KnownKey;
import org.fobstation.scp03.KeyDerivation;
import org.fobstation.scp03.SessionKeys;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;

/** Stands before a fob and notes every key that the station used with it: issued, rotated, of each session. */
final class KeyWitness implements VirtualCard {

    private static final int KDD_LENGTH = 10;
    private static final int CHALLENGE_AT = 13;
    private static final int CHALLENGE = 8;

    private final VirtualFob fob;
    private final int number;
    private final List<KnownKey> keys = new CopyOnWriteArrayList<>();

    /** @param number of the fob, from 1 */
    KeyWitness(VirtualFob fob, int number) {
        this.fob = fob;
        this.number = number;
        note("issued", fob.keysOf(fob.keyVersions().get(0)));
    }

    /** All keys so far: 3 issued, 3 rotated, 3 of each session. */
    List<KnownKey> keys() {
        return List.copyOf(keys);
    }

    @Override
    public byte[] transmit(byte[] command) {
        byte[] answer = fob.transmit(command);
        boolean done = answer.length >= 2 && (answer[answer.length - 2] & 0xFF) == 0x90;
        if (done && (command[1] & 0xFF) == 0x50) {
            noteSession(command, answer);
        } else if (done && (command[1] & 0xFF) == 0xD8) {
            note("rotated", fob.keysOf(fob.keyVersions().get(0)));
        }
        return answer;
    }

    private void note(String which, CardKeys noted) {
        keys.add(new KnownKey(which + " Key-ENC", number, noted.enc()));
        keys.add(new KnownKey(which + " Key-MAC", number, noted.mac()));
        keys.add(new KnownKey(which + " Key-DEK", number, noted.dek()));
    }

    private void noteSession(byte[] command, byte[] answer) {
        byte[] host = Arrays.copyOfRange(command, 5, 5 + CHALLENGE);
        byte[] card = Arrays.copyOfRange(answer, CHALLENGE_AT, CHALLENGE_AT + CHALLENGE);
        CardKeys used = fob.keysOf(answer[KDD_LENGTH] & 0xFF);
        try (StaticKeys statics = new StaticKeys(
                        SecretBytes.takeFrom(used.enc()),
                        SecretBytes.takeFrom(used.mac()),
                        SecretBytes.takeFrom(used.dek()));
                SessionKeys session = KeyDerivation.sessionKeys(statics, host, card)) {
            keys.add(new KnownKey("S-ENC", number, exposed(session.enc())));
            keys.add(new KnownKey("S-MAC", number, exposed(session.mac())));
            keys.add(new KnownKey("S-RMAC", number, exposed(session.rmac())));
        }
    }

    private static byte[] exposed(SecretBytes secret) {
        byte[] raw = new byte[secret.length()];
        secret.exposeTo(raw, 0);
        return raw;
    }

    @Override
    public byte[] atr() {
        return fob.atr();
    }

    @Override
    public void powerOn() {
        fob.powerOn();
    }

    @Override
    public void reset() {
        fob.reset();
    }

    @Override
    public void powerOff() {
        fob.powerOff();
    }
}
