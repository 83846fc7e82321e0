package org.fobstation.provisioning;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.fobstation.apdu.ApduTransport;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.AuditSettings;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.StationIdentity;
import org.fobstation.klms.KeyPackage;
import org.fobstation.klms.KeyRequest;
import org.fobstation.klms.KlmsAnswer;
import org.fobstation.klms.Payload;
import org.fobstation.klms.UidFormat;
import org.fobstation.pcsc.PresentedFob;
import org.fobstation.scp03.Compatibility;
import org.fobstation.scp03.SecurityLevel;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.VirtualFob;

/**
 * The card's part of a station, called as its route calls it, for very many runs: real journal, real bean, no Camel
 * route and no key server. The journal lies in memory where the machine has such a folder, because every run forces its
 * lines to disk, and is begun anew after some hundred runs, so that it stays small.
 */
final class FuzzedStation implements AutoCloseable {

    private static final KeyPackage.Custodian CUSTODIAN = new KeyPackage.Custodian() {};

    static final int KVN = 0x01;

    private static final int RUNS_PER_JOURNAL = 500;
    private static final Path IN_MEMORY = Path.of("/dev/shm");
    private static final byte[] ISD_AID = HexFormat.of().parseHex("A000000151000000");

    private final RunSettings settings;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private Path folder;
    private AuditJournal journal;
    private Provisioning provisioning;
    private long runs;

    /** @param lockPolicy as in the setting lock.policy */
    FuzzedStation(SecurityLevel level, String lockPolicy) {
        settings = new RunSettings(
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                new SessionSettings(
                        ISD_AID,
                        Optional.of(level),
                        SessionSettings.ModeChoice.AUTO,
                        Compatibility.STANDARD,
                        true,
                        false),
                new PayloadSettings(Set.of(0xE2, 0xD8, 0xDA), Set.of(0xE2, 0xDA), OptionalInt.empty(), new byte[0]),
                new LockSettings(
                        LockPolicy.parse(lockPolicy, false),
                        LockSettings.StatusData.AID,
                        0x3F,
                        LockSettings.OtherKeySets.REFUSE),
                new AttemptLimits(3, Duration.ZERO),
                false);
    }

    /** How a run ended: what was shown, and whether its keys are gone. */
    record Ended(RunReport report, boolean wiped) {}

    /** A fob that holds the keys this station gets for it. */
    static VirtualFob fob() {
        return VirtualFob.builder().keySet(KVN, CardKeys.TEST).build();
    }

    /** One run, of a fob never seen before, over {@code transport}. */
    Ended run(ApduTransport transport) throws IOException {
        return run(transport, request -> keyPackage());
    }

    /** As {@link #run(ApduTransport)}, with what a key server answers. */
    Ended run(ApduTransport transport, Function<KeyRequest, KlmsAnswer> klms) throws IOException {
        if (runs % RUNS_PER_JOURNAL == 0) {
            beginJournal();
        }
        runs++;
        PresentedFob fob =
                new PresentedFob("READER", "Reader 0", uid(runs), new byte[] {0x3B, 0}, Instant.EPOCH, transport);
        Exchange exchange = new DefaultExchange(camel);
        ProvisioningRun run = (ProvisioningRun) provisioning.begin(fob, exchange);
        exchange.getMessage().setBody(run);
        KlmsAnswer answered = klms.apply(run.keyRequest());
        Exchange answer = new DefaultExchange(camel);
        answer.getMessage().setBody(answered);
        new KeyPackageIntoRun().aggregate(exchange, answer);
        provisioning.provision(run);
        RunReport report = provisioning.report(run);
        if (!(answered instanceof KeyPackage keys)) {
            return new Ended(report, true);
        }
        boolean wiped = isWiped(keys);
        keys.close();
        return new Ended(report, wiped);
    }

    private static boolean isWiped(KeyPackage keys) {
        StaticKeys statics = keys.staticKeys(CUSTODIAN);
        return statics.enc().isClosed()
                && statics.mac().isClosed()
                && statics.dek().isClosed()
                && keys.payload(CUSTODIAN).data().isClosed();
    }

    /** Two blocks of STORE DATA. */
    private KeyPackage keyPackage() {
        return new KeyPackage(
                "trx_" + runs,
                KVN,
                new StaticKeys(
                        SecretBytes.takeFrom(CardKeys.TEST.enc()),
                        SecretBytes.takeFrom(CardKeys.TEST.mac()),
                        SecretBytes.takeFrom(CardKeys.TEST.dek())),
                new Payload(0x80, 0xE2, 0x00, 0x00, SecretBytes.allocate(300)),
                System.nanoTime());
    }

    /** 7 bytes, the last six of them the number of the run. */
    private static byte[] uid(long run) {
        byte[] uid =
                Arrays.copyOfRange(ByteBuffer.allocate(Long.BYTES).putLong(run).array(), 1, 8);
        uid[0] = 0x04;
        return uid;
    }

    private void beginJournal() throws IOException {
        endJournal();
        folder = Files.isWritable(IN_MEMORY)
                ? Files.createTempDirectory(IN_MEMORY, "fuzz")
                : Files.createTempDirectory("fuzz");
        try {
            journal =
                    AuditJournal.open(AuditSettings.of(folder, new StationIdentity("FUZZ", "test")), Clock.systemUTC());
        } catch (JournalException e) {
            throw new IOException(e);
        }
        provisioning = new Provisioning(settings, UidFormat.RAW, journal, OperatorDisplay.NONE, Clock.systemUTC());
    }

    private void endJournal() throws IOException {
        if (journal == null) {
            return;
        }
        journal.close();
        journal = null;
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        endJournal();
        camel.close();
    }
}
