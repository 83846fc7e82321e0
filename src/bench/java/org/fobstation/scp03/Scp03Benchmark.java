package org.fobstation.scp03;

import com.yubico.yubikit.core.smartcard.Apdu;
import com.yubico.yubikit.core.smartcard.SmartCardProtocol;
import com.yubico.yubikit.core.smartcard.scp.KeyRef;
import com.yubico.yubikit.core.smartcard.scp.Scp03KeyParams;
import com.yubico.yubikit.core.smartcard.scp.ScpKid;
import java.security.SecureRandom;
import java.security.Security;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.fobstation.apdu.CommandApdu;
import org.fobstation.secret.SecretBytes;
import org.fobstation.simulator.fob.CardKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What the host's side of SCP03 costs at level 33, this library's beside that of yubikit's client. Both talk to a card
 * that was recorded from the virtual fob and plays back: it computes nothing, so the figures are the hosts' own. The
 * hosts check every R-MAC, so a record that does not fit ends the run with an exception. Times are sampled: the median
 * hardly moves when other programs want the processor, the mean does.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Scp03Benchmark {

    /** In one session: its opening is in the figures with a two-hundredth. */
    private static final int EXCHANGES = 200;

    private static final byte KVN = 0x01;

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(arguments.length == 0 ? Scp03Benchmark.class.getSimpleName() : arguments[0])
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
    }

    /** A host challenge that never changes makes a session that can be played back, for both hosts alike. */
    private static void drawTheSameAlways() {
        Security.insertProviderAt(new FixedRandomProvider(), 1);
        Security.setProperty("securerandom.strongAlgorithms", "Fixed:FixedRandom");
        Security.addProvider(new BouncyCastleProvider());
    }

    /** This library. */
    @State(Scope.Thread)
    public static class Station {

        private final HandshakeParameters parameters = HandshakeParameters.of(KVN);
        private StaticKeys keys;
        private SecureRandom random;

        @Setup(Level.Trial)
        public void begin() {
            drawTheSameAlways();
            random = new SecureRandom();
            keys = new StaticKeys(
                    SecretBytes.takeFrom(CardKeys.TEST.enc()),
                    SecretBytes.takeFrom(CardKeys.TEST.mac()),
                    SecretBytes.takeFrom(CardKeys.TEST.dek()));
        }

        @TearDown(Level.Trial)
        public void end() {
            keys.close();
        }

        void run(PlayedBackCard card, CommandApdu command, int exchanges, Blackhole blackhole) throws Exception {
            try (Handshake handshake = Handshake.begin(card::transmit, keys, parameters, random);
                    SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
                for (int i = 0; i < exchanges; i++) {
                    blackhole.consume(channel.transmit(command).data());
                }
            }
        }
    }

    /** The client of com.yubico.yubikit:core. */
    @State(Scope.Thread)
    public static class Yubikit {

        private Scp03KeyParams keys;

        @Setup(Level.Trial)
        public void begin() {
            drawTheSameAlways();
            keys = new Scp03KeyParams(
                    new KeyRef(ScpKid.SCP03, KVN),
                    new com.yubico.yubikit.core.smartcard.scp.StaticKeys(
                            CardKeys.TEST.enc(), CardKeys.TEST.mac(), CardKeys.TEST.dek()));
        }

        void run(PlayedBackCard card, Apdu command, int exchanges, Blackhole blackhole) throws Exception {
            try (SmartCardProtocol protocol = new SmartCardProtocol(new YubikitConnection(card::transmit))) {
                blackhole.consume(protocol.initScp(keys));
                for (int i = 0; i < exchanges; i++) {
                    blackhole.consume(protocol.sendAndReceive(command));
                }
            }
        }
    }

    /** A session that is opened and closed. */
    @State(Scope.Thread)
    public static class Opening {

        private PlayedBackCard forStation;
        private PlayedBackCard forYubikit;

        @Setup(Level.Trial)
        public void record(Station station, Yubikit yubikit, Blackhole blackhole) throws Exception {
            forStation = PlayedBackCard.recording(0);
            station.run(forStation, null, 0, blackhole);
            forYubikit = PlayedBackCard.recording(0);
            yubikit.run(forYubikit, null, 0, blackhole);
        }
    }

    /** A command and an answer of {@code bytes} plain bytes each, over and over in one session. */
    @State(Scope.Thread)
    public static class Exchanges {

        @Param({"16", "239"})
        public int bytes;

        private CommandApdu command;
        private Apdu apdu;
        private PlayedBackCard forStation;
        private PlayedBackCard forYubikit;

        @Setup(Level.Trial)
        public void record(Station station, Yubikit yubikit, Blackhole blackhole) throws Exception {
            byte[] data = new byte[bytes];
            command = CommandApdu.of(0x80, 0xE2, 0x81, 0x00, data, CommandApdu.NE_SHORT_MAX);
            apdu = new Apdu(0x80, 0xE2, 0x81, 0x00, data);
            forStation = PlayedBackCard.recording(bytes);
            station.run(forStation, command, EXCHANGES, blackhole);
            forYubikit = PlayedBackCard.recording(bytes);
            yubikit.run(forYubikit, apdu, EXCHANGES, blackhole);
        }
    }

    @Benchmark
    public void openStation(Station station, Opening opening, Blackhole blackhole) throws Exception {
        opening.forStation.rewind();
        station.run(opening.forStation, null, 0, blackhole);
    }

    @Benchmark
    public void openYubikit(Yubikit yubikit, Opening opening, Blackhole blackhole) throws Exception {
        opening.forYubikit.rewind();
        yubikit.run(opening.forYubikit, null, 0, blackhole);
    }

    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void exchangeStation(Station station, Exchanges exchanges, Blackhole blackhole) throws Exception {
        exchanges.forStation.rewind();
        station.run(exchanges.forStation, exchanges.command, EXCHANGES, blackhole);
    }

    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void exchangeYubikit(Yubikit yubikit, Exchanges exchanges, Blackhole blackhole) throws Exception {
        exchanges.forYubikit.rewind();
        yubikit.run(exchanges.forYubikit, exchanges.apdu, EXCHANGES, blackhole);
    }
}
