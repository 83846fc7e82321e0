package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.fobstation.outcome.FailureCode;
import org.fobstation.outcome.Gate;
import org.fobstation.outcome.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The line")
class LineStopTest {

    private static final Request SMITH = new Request(Request.RELEASE, List.of("mended"), "smith", "LINE\\smith");

    @TempDir
    private Path temp;

    private JournalFolder folder;
    private AuditJournal journal;
    private LineStop line;

    @BeforeEach
    void open() throws Exception {
        folder = new JournalFolder(temp.resolve("data"));
        start(3);
    }

    private void start(int afterFailures) throws Exception {
        journal = folder.open();
        line = LineStop.watch(journal, afterFailures, Runs.CLOCK);
    }

    private void restart(int afterFailures) throws Exception {
        journal.close();
        start(afterFailures);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private AuditRecord end(FailureCode code) throws JournalException {
        long run = journal.begin(Runs.UID, Runs.READER);
        return journal.result(run, Runs.failed("trx_" + run, code, Stage.KEY_REQUEST, false));
    }

    private List<String> types() throws Exception {
        return folder.lines(1).stream()
                .map(text -> text.replaceFirst(".*\"type\":\"([A-Z]+)\".*", "$1"))
                .toList();
    }

    @Test
    void stopsAtTheLastOfSoManyFailuresInARowAndSaysSoInTheJournal() throws Exception {
        end(FailureCode.PAYLOAD_REFUSED);
        end(FailureCode.CARD_LOCKED);
        assertThat(line.hold()).isEmpty();
        AuditRecord last = end(FailureCode.CARD_CRYPTOGRAM_MISMATCH);

        assertThat(line.hold()).hasValueSatisfying(hold -> {
            assertThat(hold.code()).isEqualTo(FailureCode.FAILURES_IN_A_ROW);
            assertThat(hold.detail())
                    .isEqualTo("3 in a row, the last one record " + last.auditSeq()
                            + ", CARD_CRYPTOGRAM_MISMATCH, since 2023-10-27T14:32:01.123Z");
            assertThat(hold.remedy()).endsWith("then release the station: release --reason TEXT.");
        });
        assertThat(types()).endsWith("RESULT", "HELD");
    }

    @Test
    void goesOnCountingOverARetryAndAnewAfterAPass() throws Exception {
        end(FailureCode.CARD_LOCKED);
        end(FailureCode.FOB_REMOVED);
        end(FailureCode.CARD_LOCKED);
        Runs.pass(journal, "trx_passed");
        end(FailureCode.CARD_LOCKED);
        end(FailureCode.CARD_LOCKED);
        end(FailureCode.KLMS_TIMEOUT);
        assertThat(line.hold()).isEmpty();

        end(FailureCode.CARD_LOCKED);

        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.FAILURES_IN_A_ROW);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "KLMS_TLS",
                "KLMS_UNAUTHORIZED",
                "KLMS_REFUSED",
                "KLMS_ANSWER_INVALID",
                "HOST_CRYPTOGRAM_REFUSED",
                "SECURE_MESSAGING_LOST",
                "COMMAND_NOT_UNDERSTOOD",
                "ROUTE_FAILED"
            })
    void stopsAtOnceWhereTheStationOrItsKeysAreWrong(FailureCode code) throws Exception {
        AuditRecord record = end(code);

        assertThat(line.hold()).hasValueSatisfying(hold -> {
            assertThat(hold.code()).isEqualTo(code);
            assertThat(hold.detail()).startsWith("record " + record.auditSeq() + ", a detail, since ");
            assertThat(hold.remedy()).startsWith(code.remedy()).endsWith("release --reason TEXT.");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"READER_LOST", "SERVICE_LOST", "READER_IN_USE", "READER_STUCK"})
    void isNotStoppedByWhatEndsByItself(FailureCode code) throws Exception {
        for (int i = 0; i < 4; i++) {
            end(code);
        }

        assertThat(line.hold()).isEmpty();
        assertThat(types()).doesNotContain("HELD");
    }

    @Test
    void staysHeldOverARestartForWhatStoppedItFirst() throws Exception {
        end(FailureCode.KLMS_TLS);
        end(FailureCode.KLMS_REFUSED);
        Runs.pass(journal, "trx_begun_before");
        restart(3);
        restart(1000);

        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
        assertThat(types()).containsOnlyOnce("HELD");
    }

    @Test
    void isHeldForARecordAfterWhichTheProcessWasKilledBeforeItWroteTheStop() throws Exception {
        end(FailureCode.KLMS_TLS);
        journal.close();
        List<String> lines = folder.lines(1);
        assertThat(types()).endsWith("HELD");
        Files.write(folder.segment(1), (String.join("\n", lines.subList(0, lines.size() - 1)) + "\n").getBytes());

        start(3);

        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
        assertThat(types()).endsWith("RESULT", "HELD");
    }

    @Test
    void isHeldAtAStartThatAllowsFewerFailures() throws Exception {
        end(FailureCode.CARD_LOCKED);
        end(FailureCode.CARD_LOCKED);

        restart(2);

        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.FAILURES_IN_A_ROW);
    }

    @Test
    void goesOnWhenItIsReleasedAndTheJournalKeepsWhoAndWhy() throws Exception {
        end(FailureCode.KLMS_TLS);
        end(FailureCode.CARD_LOCKED);
        end(FailureCode.CARD_LOCKED);

        assertThat(line.release(SMITH, "mended")).map(LineHold::code).contains("KLMS_TLS");

        assertThat(line.hold()).isEmpty();
        assertThat(folder.lines(1).get(folder.lines(1).size() - 1))
                .contains(
                        "\"type\":\"RELEASED\"",
                        "\"user\":\"smith\"",
                        "\"file_owner\":\"LINE\\\\smith\"",
                        "\"reason\":\"mended\"");
        restart(3);
        assertThat(line.hold()).isEmpty();
        end(FailureCode.CARD_LOCKED);
        assertThat(line.hold()).as("the row begins anew").isEmpty();
    }

    @Test
    void isNotReleasedWhereItIsNotHeld() throws Exception {
        end(FailureCode.CARD_LOCKED);

        assertThat(line.release(SMITH, "mended")).isEmpty();

        assertThat(types()).doesNotContain("RELEASED");
    }

    @Test
    void tellsOfAStopOnceAndAgainAfterARestart() throws Exception {
        end(FailureCode.KLMS_TLS);

        assertThat(line.untold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
        assertThat(line.untold()).isEmpty();
        restart(3);
        assertThat(line.untold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
    }

    @Test
    void isClosedAlsoWhereTheStopCannotBeWrittenAndIsHeldForItAtTheNextStart() throws Exception {
        journal.close();
        JournalFaultTest.SickDisk disk = new JournalFaultTest.SickDisk();
        journal = folder.open(disk);
        // Called behind a record, before the line looks at it.
        journal.addListener(() -> disk.full = true);
        line = LineStop.watch(journal, 3, Runs.CLOCK);

        end(FailureCode.KLMS_TLS);

        assertThat(journal.fault()).isPresent();
        assertThat(line.hold()).map(Gate.Hold::code).contains(FailureCode.KLMS_TLS);
        assertThat(line.untold()).isEmpty();
        restart(3);
        assertThat(types()).endsWith("RESULT", "HELD");
    }

    @Test
    void namesACodeOfALaterVersionAsAFaultOfTheStation() {
        Gate.Hold hold = new LineHold("OF_A_LATER_VERSION", "record 4", 4, Instant.EPOCH).toGate();

        assertThat(hold.code()).isEqualTo(FailureCode.STATION_FAULT);
        assertThat(hold.detail()).startsWith("OF_A_LATER_VERSION, record 4");
    }
}
