package org.fobstation.scp03;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.fobstation.scp03.Vectors.hex;

import com.yubico.yubikit.core.application.BadResponseException;
import com.yubico.yubikit.core.smartcard.scp.KeyRef;
import com.yubico.yubikit.core.smartcard.scp.Scp03KeyParams;
import com.yubico.yubikit.core.smartcard.scp.ScpKid;
import com.yubico.yubikit.core.smartcard.scp.SecurityDomainSession;
import com.yubico.yubikit.core.smartcard.scp.StaticKeys;
import java.io.IOException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.fobstation.pcsc.CardConnection;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.RealPcscd;
import org.fobstation.pcsc.SmartCardContext;
import org.fobstation.simulator.fob.BentRMac;
import org.fobstation.simulator.fob.CardFault;
import org.fobstation.simulator.fob.CardKeys;
import org.fobstation.simulator.fob.CardTrigger;
import org.fobstation.simulator.fob.FobBuilder;
import org.fobstation.simulator.fob.StoredData;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.reader.VpcdSlot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The virtual fob under a host that was written elsewhere: the SCP03 client of Yubico's yubikit, level 33, through the
 * real pcscd. Where the fob passes here, it and the station agree with each other not by a mistake they share.
 */
@ExtendWith(RealPcscd.class)
@Timeout(60)
@DisplayName("The virtual fob, with yubikit's SCP03 client")
class YubikitScp03IT {

    private static final int INITIALIZE_UPDATE = 0x50;
    private static final int EXTERNAL_AUTHENTICATE = 0x82;
    private static final short KEY_INFORMATION = 0xE0;
    private static final String THREE_AES_128_KEYS = "E012C00401018810C00402018810C00403018810";
    private static final byte KVN = 0x01;
    private static final byte NEW_KVN = 0x02;
    private static final CardKeys CARD_KEYS = CardKeys.of(
            "101112131415161718191A1B1C1D1E1F", "202122232425262728292A2B2C2D2E2F", "303132333435363738393A3B3C3D3E3F");
    private static final CardKeys NEW_KEYS = CardKeys.of(
            "505152535455565758595A5B5C5D5E5F", "606162636465666768696A6B6C6D6E6F", "707172737475767778797A7B7C7D7E7F");

    private final VpcdSlot slot = VpcdSlot.asInstalled(0);
    private SmartCardContext context;
    private CardConnection connection;

    /** The client asks the JCE for AESCMAC, which the JDK does not have. */
    @BeforeAll
    static void provideAesCmac() {
        Security.addProvider(new BouncyCastleProvider());
    }

    @AfterAll
    static void provideItNoLonger() {
        Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
    }

    @BeforeEach
    void startWithoutCards() throws Exception {
        RealPcscd.awaitEmptyReaders();
        context = new NativeSmartCardService().establish();
    }

    @AfterEach
    void letTheFobGo() {
        if (connection != null) {
            connection.close();
        }
        slot.close();
        context.close();
    }

    /** The client encrypts empty data and writes PUT KEY without the inner key length: both need a switch. */
    private static FobBuilder fob() {
        return VirtualFob.builder().keySet(KVN, CARD_KEYS).padEmpty().putKeyWithoutInnerLength();
    }

    private SecurityDomainSession present(VirtualCard card) throws Exception {
        slot.present(card);
        Awaitility.await("pcscd to see the fob")
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> (connection = context.connect(slot.readerName())) != null);
        return new SecurityDomainSession(new YubikitConnection(connection::transmit));
    }

    private static Scp03KeyParams key(byte kvn, CardKeys keys) {
        return new Scp03KeyParams(new KeyRef(ScpKid.SCP03, kvn), statics(keys));
    }

    private static StaticKeys statics(CardKeys keys) {
        return new StaticKeys(keys.enc(), keys.mac(), keys.dek());
    }

    private static List<Integer> instructions(VirtualFob fob) {
        assertThat(fob.received())
                .filteredOn(command -> command.startsWith("8482"))
                .allMatch(command -> command.startsWith("848233"));
        return fob.received().stream().map(command -> hex(command)[1] & 0xFF).toList();
    }

    @Test
    void opensASessionAndAnswersUnderFullProtection() throws Exception {
        VirtualFob fob = fob().build();
        SecurityDomainSession session = present(fob);

        session.authenticate(key(KVN, CARD_KEYS));

        assertThat(fob.inSession()).isTrue();
        assertThat(hex(session.getData(KEY_INFORMATION, null))).isEqualTo(THREE_AES_128_KEYS);
        assertThat(hex(session.getData(KEY_INFORMATION, null)))
                .as("again: counter and chaining value went on")
                .isEqualTo(THREE_AES_128_KEYS);
    }

    @Test
    void takesStoreData() throws Exception {
        VirtualFob fob = fob().build();
        SecurityDomainSession session = present(fob);
        session.authenticate(key(KVN, CARD_KEYS));

        for (int length : new int[] {0, 10, 13, 14, 15, 100, 124}) {
            session.storeData(tlv(length));
        }

        assertThat(fob.storedData())
                .extracting(StoredData::hex)
                .containsExactly(
                        hex(tlv(0)),
                        hex(tlv(10)),
                        hex(tlv(13)),
                        hex(tlv(14)),
                        hex(tlv(15)),
                        hex(tlv(100)),
                        hex(tlv(124)));
    }

    /** Tag 70, length, value. */
    private static byte[] tlv(int length) {
        byte[] tlv = new byte[2 + length];
        tlv[0] = 0x70;
        tlv[1] = (byte) length;
        for (int i = 0; i < length; i++) {
            tlv[2 + i] = (byte) i;
        }
        return tlv;
    }

    @Test
    void replacesItsKeysWhichThenOpenTheNextSession() throws Exception {
        VirtualFob fob = fob().build();
        SecurityDomainSession session = present(fob);
        session.authenticate(key(KVN, CARD_KEYS));

        session.putKey(new KeyRef(ScpKid.SCP03, NEW_KVN), statics(NEW_KEYS), KVN);

        assertThat(fob.keyVersions()).containsExactly((int) NEW_KVN);
        assertThat(fob.holdsKeys(NEW_KVN, NEW_KEYS)).isTrue();
        SecurityDomainSession next = new SecurityDomainSession(new YubikitConnection(connection::transmit));
        next.authenticate(key(NEW_KVN, NEW_KEYS));
        next.storeData(tlv(3));
        assertThat(fob.storedData()).hasSize(1);
    }

    @Test
    void isNotOpenedWithAWrongKey() throws Exception {
        VirtualFob fob = fob().build();
        SecurityDomainSession session = present(fob);

        assertThatExceptionOfType(BadResponseException.class)
                .isThrownBy(() -> session.authenticate(key(KVN, NEW_KEYS)))
                .withMessageContaining("key set");

        assertThat(fob.everAuthenticated()).isFalse();
        assertThat(instructions(fob)).contains(INITIALIZE_UPDATE).doesNotContain(EXTERNAL_AUTHENTICATE);
    }

    /** So the agreement above is worth something: the client does look at the MACs of the fob's answers. */
    @Test
    void isRefusedWhenItsAnswerWasBentOnTheWay() throws Exception {
        VirtualFob fob = fob().build();
        SecurityDomainSession session =
                present(CardFault.on(fob).altering(CardTrigger.firstWithIns(0xE2), new BentRMac()));
        session.authenticate(key(KVN, CARD_KEYS));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> session.storeData(tlv(3)))
                .withStackTraceContaining("MAC");
    }
}
