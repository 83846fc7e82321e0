package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.fobstation.outcome.Failure;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Outcome;
import org.fobstation.provisioning.RunReport;
import org.fobstation.simulator.fob.CardLatency;
import org.fobstation.simulator.fob.StoredData;
import org.fobstation.simulator.fob.VirtualCard;
import org.fobstation.simulator.fob.VirtualFob;
import org.fobstation.simulator.klms.Reply;
import org.fobstation.simulator.reader.VirtualReader;
import org.fobstation.simulator.reader.VirtualSmartCardService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the station makes of the key server's answers, whatever they are. */
class KeyPackageScenariosTest {

    private static final String UID = "04A1B2C3D4E5F6";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @TempDir
    private Path folder;

    private final VirtualSmartCardService service = new VirtualSmartCardService();
    private final VirtualReader reader = service.plugIn("Virtual Reader PICC 0");
    private TestStation station;

    @AfterEach
    void stop() {
        station.close();
    }

    @Nested
    class WithAPayload {

        @ParameterizedTest
        @ValueSource(ints = {1, 239, 240, 1000, 20_000})
        void ofStoreDataWritesItInBlocks(int length) throws Exception {
            byte[] payload = new byte[length];
            payload[length - 1] = 0x55;
            station = TestStation.in(folder, "80E20000", payload);
            start();
            VirtualFob fob = station.fob(UID);

            assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);

            assertThat(fob.storedData()).extracting(StoredData::hex).containsExactly(HEX.formatHex(payload));
        }

        @Test
        void ofPutDataWritesItAsOneCommand() throws Exception {
            station = TestStation.in(folder, "80DA0100", HEX.parseHex("F1E2D3C4"));
            start();
            VirtualFob fob = station.fob(UID);

            assertThat(present(fob).outcome()).isEqualTo(Outcome.PASS);

            assertThat(fob.putData()).isEqualTo(Map.of(0x0100, "F1E2D3C4"));
        }

        @ParameterizedTest
        @CsvSource({
            "80F00F00, 4, PAYLOAD_NOT_ALLOWED",
            "80E40000, 4, PAYLOAD_NOT_ALLOWED",
            "00DA0100, 4, PAYLOAD_NOT_ALLOWED",
            "84DA0100, 4, PAYLOAD_NOT_ALLOWED",
            "80E20001, 4, PAYLOAD_NOT_ALLOWED",
            "80DA0100, 240, PAYLOAD_TOO_LONG",
            "80E20000, 61185, PAYLOAD_TOO_LONG"
        })
        void thatItMayOrCanNotSendDoesNotTouchTheCard(String header, int length, FailureCode code) throws Exception {
            station = TestStation.in(folder, header, new byte[length]);
            start();
            VirtualFob fob = station.fob(UID);

            assertFailure(present(fob), code);

            assertThat(fob.received()).containsExactly("FFCA000000");
        }

        @Test
        void thatTheFobRefusesFails() throws Exception {
            station = TestStation.in(folder);
            start();
            VirtualFob fob = station.fob(UID);
            fob.refuse(0xE2, 0x6A80);

            assertFailure(present(fob), FailureCode.PAYLOAD_REFUSED);
        }
    }

    @Nested
    class WithAnAnswer {

        @ParameterizedTest
        @CsvSource({
            "300, KLMS_REFUSED",
            "400, KLMS_REFUSED",
            "401, KLMS_UNAUTHORIZED",
            "403, KLMS_UNAUTHORIZED",
            "404, KLMS_REFUSED",
            "429, KLMS_BUSY",
            "500, KLMS_BUSY",
            "503, KLMS_BUSY"
        })
        void ofAnyStatusButGoodDoesNotTouchTheCard(int status, FailureCode code) throws Exception {
            station = TestStation.in(folder);
            start();
            station.klms().keysAnswer(status);
            VirtualFob fob = station.fob(UID);

            assertFailure(present(fob), code);

            assertThat(fob.received()).containsExactly("FFCA000000");
        }

        @Test
        void thatIsLateDoesNotTouchTheCard() throws Exception {
            station = TestStation.in(folder).set("klms.answer-timeout", "200 ms");
            start();
            station.klms().delayKeys(Duration.ofSeconds(5));
            VirtualFob fob = station.fob(UID);

            assertFailure(present(fob), FailureCode.KLMS_TIMEOUT);

            assertThat(fob.received()).containsExactly("FFCA000000");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"key_version\":48 | \"key_version\":0 | key_version",
                    "\"key_version\":48 | \"key_version\":\"48\" | key_version",
                    "\"key_version\":48 | \"key_version\":48,\"key_version\":48 | key_version",
                    "\"transaction_id\":\" | \"transaction_id\":\"../ | transaction_id",
                    "\"data_hex\":\" | \"data_hex\":\"0 | data_hex",
                    "\"apdu_cla_ins_p1_p2\":\"80 | \"apdu_cla_ins_p1_p2\":\" | apdu_cla_ins_p1_p2"
                })
        void thatIsNotAsAgreedNamesTheFieldAndNeverItsValue(String from, String to, String field) throws Exception {
            station = TestStation.in(folder);
            start();
            station.klms().answerKeys(edited(text -> {
                assertThat(text).contains(from);
                return text.replace(from, to);
            }));
            VirtualFob fob = station.fob(UID);

            RunReport report = present(fob);

            assertFailure(report, FailureCode.KLMS_ANSWER_INVALID);
            assertThat(report.failure().orElseThrow().detail()).contains(field);
            assertThat(fob.received()).containsExactly("FFCA000000");
        }

        @Test
        void thatWasGivenToAnotherFobBeforeDoesNotTouchTheCard() throws Exception {
            station = TestStation.in(folder);
            start();
            AtomicReference<byte[]> first = new AtomicReference<>();
            station.klms().answerKeys(body -> {
                first.compareAndSet(null, body);
                return Reply.body(200, first.get());
            });
            assertThat(present(station.fob(UID)).outcome()).isEqualTo(Outcome.PASS);
            reader.remove();
            station.awaitRemoval();
            VirtualFob other = station.fob("04112233445566");

            RunReport report = present(other);

            assertFailure(report, FailureCode.TRANSACTION_REUSED);
            assertThat(report.failure().orElseThrow().detail()).startsWith("transaction trx_1: fob " + UID);
            assertThat(other.received()).containsExactly("FFCA000000");
        }

        @Test
        void withKeysOfUnequalLengthIsRefused() throws Exception {
            station = TestStation.in(folder);
            start();
            station.klms().answerKeys(edited(text -> text.replaceFirst("(\"mac\":\")[0-9A-Fa-f]{2}", "$1")));
            VirtualFob fob = station.fob(UID);

            assertFailure(present(fob), FailureCode.KLMS_ANSWER_INVALID);
        }

        private java.util.function.Function<byte[], Reply> edited(UnaryOperator<String> edit) {
            return body -> Reply.body(
                    200, edit.apply(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void wipesKeysThatBecameTooOldUnused() throws Exception {
        station = TestStation.in(folder).set("klms.key-ttl", "40 ms");
        start();
        VirtualFob fob = station.fob(UID);

        // SELECT alone takes longer than the keys may get old.
        RunReport report = present(new CardLatency(fob, Map.of(0xA4, Duration.ofMillis(80)), Duration.ZERO));

        assertFailure(report, FailureCode.KEY_PACKAGE_EXPIRED);
        assertThat(fob.received()).noneMatch(command -> command.startsWith("8050"));
    }

    @Test
    void sendsNothingAfterTheTimeForTheSessionIsOver() throws Exception {
        station = TestStation.in(folder).set("card.run-timeout", "400 ms");
        start();
        VirtualFob fob = station.fob(UID);

        RunReport report = present(new CardLatency(fob, Map.of(0xE2, Duration.ofMillis(500)), Duration.ZERO));

        assertFailure(report, FailureCode.FOB_TOO_SLOW);
        assertThat(fob.received().get(fob.received().size() - 1)).startsWith("84E2");
        assertThat(fob.storedData()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "raw, 04A1B2C3D4E5F6",
        "left-padded, 00000004A1B2C3D4E5F6",
        "right-padded, 04A1B2C3D4E5F6000000",
        "kdd, 11223344556677889900"
    })
    void namesTheFobAsConfigured(String format, String name) throws Exception {
        station = TestStation.in(folder).set("klms.uid-format", format);
        start();

        present(station.fobBuilder(UID).kdd("11223344556677889900").build());

        assertThat(station.klms().keyRequests()).hasSize(1).allSatisfy(request -> {
            assertThat(request.fobUid()).isEqualTo(name);
            assertThat(request.readerId()).isEqualTo(TestStation.READER_ID);
        });
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 1"})
    void postsARunWithoutKeysOnlyIfConfigured(String setting, int posted) throws Exception {
        station = TestStation.in(folder).set("klms.audit-untouched", setting);
        start();
        station.klms().keysAnswer(403);

        present(station.fob(UID));

        await().untilAsserted(() -> assertThat(station.archived()).hasSize(1));
        station.klms().answerKeys();
        reader.remove();
        station.awaitRemoval();
        assertThat(station.release("admitted at the KLMS").done()).isTrue();
        // The next record follows behind it in the same order: when that one is there, the first is settled.
        present(station.fob("04112233445566"));
        await().untilAsserted(() -> assertThat(station.klms().audits()).hasSize(posted + 1));
    }

    private void start() throws Exception {
        station.start(service, reader.readerName());
    }

    private RunReport present(VirtualCard card) throws Exception {
        reader.present(card);
        return station.awaitOutcome();
    }

    private static void assertFailure(RunReport report, FailureCode code) {
        assertThat(report.failure()).as("%s", report).map(Failure::code).contains(code);
        assertThat(report.outcome()).isEqualTo(code.outcome());
    }
}
