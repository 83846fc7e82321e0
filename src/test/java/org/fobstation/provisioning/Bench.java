package org.fobstation.provisioning;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.fobstation.apdu.TransportException;
import org.fobstation.audit.AuditJournal;
import org.fobstation.audit.AuditRecord;
import org.fobstation.audit.AuditSettings;
import org.fobstation.audit.JournalException;
import org.fobstation.audit.JournalFile;
import org.fobstation.audit.StationIdentity;
import org.fobstation.klms.KeyPackage;
import org.fobstation.klms.Payload;
import org.fobstation.klms.UidFormat;
import org.fobstation.pcsc.PresentedFob;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.FobBuilder;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;

/**
 * A station without routes: virtual fobs, real sessions, a real journal, and a key server that issues what a test sets.
 * A fob can be torn away, the process can be killed, and time passes when a test says so.
 */
final class Bench implements AutoCloseable {

    static final String UID = "04A1B2C3D4E5F6";
    static final int KVN = 0x30;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    final SettableClock clock = new SettableClock();
    final BenchSettings settings = new BenchSettings();
    final List<StaticKeys> drawn = new ArrayList<>();
    final List<String> alreadyDone = new ArrayList<>();

    CardKeys keys = CardKeys.of("000102030405060708090A0B0C0D0E0F", "10".repeat(16), "20".repeat(16));
    int kvn = KVN;
    String payloadHeader = "80E20000";
    byte[] payload = HEX.parseHex("F1E2D3C4B5");
    int packages;
    Supplier<String> transactions = () -> "trx_" + packages;

    private final Path folder;
    private final JournalFile.Opener disk;
    private AuditJournal journal;
    private VirtualCard presented;
    private boolean torn;
    private RunReport shown;

    Bench(Path folder) throws JournalException {
        this(folder, JournalFile::onDisk);
    }

    /** @param disk what the journal writes to */
    Bench(Path folder, JournalFile.Opener disk) throws JournalException {
        this.folder = folder;
        this.disk = disk;
        journal = open();
    }

    private AuditJournal open() throws JournalException {
        return AuditJournal.open(AuditSettings.of(folder, new StationIdentity("BENCH", "test")), clock, disk);
    }

    /** Stops the process and starts it again; what was open in the journal is found there. */
    void restart() throws JournalException {
        journal.close();
        journal = open();
    }

    FobBuilder fobBuilder() {
        return VirtualFob.builder().uid(UID).keySet(KVN, keys);
    }

    VirtualFob fob() {
        return fobBuilder().build();
    }

    /** The fob, torn away before it sees the n-th command with this INS. */
    VirtualCard tornBefore(VirtualFob fob, int ins, int n) {
        return CardFault.on(fob).before(CardTrigger.nthWithIns(ins, n), this::tear);
    }

    /** The fob, torn away when it has carried the n-th command with this INS out. */
    VirtualCard tornAfter(VirtualFob fob, int ins, int n) {
        return CardFault.on(fob).after(CardTrigger.nthWithIns(ins, n), this::tear);
    }

    private void tear() {
        torn = true;
        presented.powerOff();
    }

    /** The process ends when the fob has carried the n-th command with this INS out. */
    void killAfter(VirtualFob fob, int ins, int n) throws Exception {
        VirtualCard card = CardFault.on(fob).after(CardTrigger.nthWithIns(ins, n), () -> {
            throw new Killed();
        });
        try {
            present(card);
            throw new AssertionError("the process lives on");
        } catch (Killed expected) {
            presented.powerOff();
            restart();
        }
    }

    /** Carries a card through the steps of the provisioning route. */
    RunReport present(VirtualCard card) throws Exception {
        presented = card;
        torn = false;
        shown = null;
        card.powerOn();
        Provisioning provisioning =
                new Provisioning(settings.build(), UidFormat.RAW, journal, new Display(), clock, this::draw);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            PresentedFob fob = new PresentedFob(
                    "READER", "Virtual", HEX.parseHex(UID), card.atr(), clock.instant(), this::transmit);
            Object body = provisioning.begin(fob, exchange);
            if (!exchange.isRouteStop()) {
                ProvisioningRun run = (ProvisioningRun) body;
                run.keyRequest();
                run.accept(issue());
                provisioning.provision(run);
                provisioning.report(run);
            }
        }
        return shown;
    }

    private KeyPackage issue() {
        packages++;
        byte[] header = HEX.parseHex(payloadHeader);
        StaticKeys issued = new StaticKeys(
                SecretBytes.takeFrom(keys.enc()), SecretBytes.takeFrom(keys.mac()), SecretBytes.takeFrom(keys.dek()));
        Payload written = new Payload(
                header[0] & 0xFF,
                header[1] & 0xFF,
                header[2] & 0xFF,
                header[3] & 0xFF,
                SecretBytes.takeFrom(payload.clone()));
        return new KeyPackage(transactions.get(), kvn, issued, written, System.nanoTime());
    }

    private StaticKeys draw(int length) {
        StaticKeys keySet = new RandomKeys(new SecureRandom()).draw(length);
        drawn.add(keySet);
        return keySet;
    }

    private byte[] transmit(byte[] command) throws TransportException {
        byte[] answer = torn ? new byte[0] : presented.transmit(command);
        if (torn || answer.length == 0) {
            throw new TransportException(TransportException.Fault.FOB_REMOVED, "the fob is gone");
        }
        return answer;
    }

    AuditJournal journal() {
        return journal;
    }

    Path folder() {
        return folder;
    }

    /** The record of the last run. */
    AuditRecord record() {
        List<AuditRecord> all = journal.undelivered(1000);
        return all.get(all.size() - 1);
    }

    @Override
    public void close() {
        journal.close();
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final class Display implements OperatorDisplay {
        @Override
        public void ended(RunReport report) {
            shown = report;
        }

        @Override
        public void alreadyDone(String readerId, String uid, String transactionId) {
            alreadyDone.add(transactionId);
        }
    }

    /** Stands still until it is moved. */
    static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2024-05-06T07:08:09Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("there is only UTC here");
        }
    }
}
