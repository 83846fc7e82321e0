package org.fobstation.provisioning;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.fobstation.apdu.TransportException;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Stage;

/**
 * What a card says of itself before a session: noted in the record, and held against what the KLMS issued, so that a
 * foreign fob costs no attempt. Nobody authenticates it: it can stop a run, never let one pass.
 */
final class CardSurvey {

    private static final int FACTORY_KVN = 0xFF;
    private static final int LONGEST_FACT = 256;

    private final RunSettings settings;
    private final SecurityDomainReader reader;

    CardSurvey(RunSettings settings, SecurityDomainReader reader) {
        this.settings = settings;
        this.reader = reader;
    }

    /**
     * Asks the card and notes the answers in the run. Any refusal is tolerated.
     *
     * @param asksForKeys whether the key information is needed even with card.read-data=false
     */
    Optional<KeyInformation> read(ProvisioningRun run, boolean asksForKeys)
            throws RunFailedException, TransportException {
        if (!settings.session().readData()) {
            return asksForKeys || needsKeyInformation() ? reader.keyInformation() : Optional.empty();
        }
        run.note("atr", run.fob().atr());
        Map<String, Integer> objects = new LinkedHashMap<>();
        objects.put("cplc", 0x9F7F);
        objects.put("key_information", 0xE0);
        objects.put("key_diversification_data", 0xCF);
        objects.put("card_data", 0x66);
        Optional<KeyInformation> keys = Optional.empty();
        for (Map.Entry<String, Integer> object : objects.entrySet()) {
            Optional<byte[]> data = reader.data(object.getValue());
            data.ifPresent(bytes -> run.note(object.getKey(), fact(bytes)));
            if (object.getValue() == 0xE0) {
                keys = data.flatMap(KeyInformation::parse);
            }
        }
        return keys;
    }

    /**
     * Whether a fob that does not list its key sets can be provisioned: after PUT KEY it would be too late to find out
     * that it cannot.
     */
    void requireListed(Optional<KeyInformation> keys) throws RunFailedException {
        if (keys.isEmpty() && needsKeyInformation()) {
            throw refused(FailureCode.KEY_SETS_NOT_LISTED, "GET DATA E0 gave no key information");
        }
    }

    private boolean needsKeyInformation() {
        return settings.lock().policy().rotatesKeys() && settings.lock().refusesOtherKeySets();
    }

    /** No card says so much of itself; one that does shall not blow up the record. */
    private static String fact(byte[] data) {
        return data.length > LONGEST_FACT
                ? data.length + " bytes"
                : HexFormat.of().withUpperCase().formatHex(data);
    }

    /**
     * Whether the card can be the one the KLMS issued keys for.
     *
     * @param kvn the version of the issued keys
     */
    void review(KeyInformation keys, int kvn) throws RunFailedException {
        if (keys.isForDes(kvn)) {
            throw refused(FailureCode.SCP02_CARD, keys + " are DES keys");
        }
        if (!keys.holds(kvn)) {
            throw refused(
                    keys.holds(FACTORY_KVN) ? FailureCode.FACTORY_KEYS : FailureCode.KEY_SET_NOT_FOUND,
                    String.format("the key server names KVN %02X, the card lists %s", kvn, keys));
        }
        SortedSet<Integer> others = keys.beside(kvn);
        if (needsKeyInformation() && !others.isEmpty()) {
            throw refused(
                    FailureCode.OTHER_KEY_SETS, "beside the issued keys the card lists " + KeyInformation.text(others));
        }
    }

    private static RunFailedException refused(FailureCode code, String detail) {
        return new RunFailedException(new Failure(code, Stage.INITIALIZE_UPDATE, detail));
    }
}
