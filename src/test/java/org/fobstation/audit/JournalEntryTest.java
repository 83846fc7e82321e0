package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fobstation.apdu.ApduTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalEntryTest {

    private static final List<ApduTrace.Entry> TRACE =
            List.of(new ApduTrace.Entry(ApduTrace.Direction.TX, "00A40400", 0));

    static Stream<JournalEntry> entries() {
        return Stream.of(
                new JournalEntry.Begin(Runs.NOW, "04A1", "R1", FobHistory.NONE),
                new JournalEntry.Begin(
                        Runs.NOW, "04A1", "R1", new FobHistory(Optional.of(new EarlierRecord(7, "trx_7")), 2)),
                new JournalEntry.Intended(Runs.NOW, 7, new Intent.Open("trx_1")),
                new JournalEntry.Intended(Runs.NOW, 7, new Intent.Payload(TRACE)),
                new JournalEntry.Intended(Runs.NOW, 7, new Intent.Lock("raw:80F00F0000", TRACE)),
                new JournalEntry.Settled(Runs.NOW, 3, new Settlement.Delivered(new Receipt(200, 2))),
                new JournalEntry.Settled(Runs.NOW, 3, new Settlement.Replayed(new Receipt(409, 8))),
                new JournalEntry.Settled(Runs.NOW, 3, new Settlement.Local()),
                new JournalEntry.Settled(Runs.NOW, 3, new Settlement.Dead("the KLMS answered 422 \"no\"", 1)),
                new JournalEntry.Requested(Runs.NOW, new Request("replay", List.of("1", "2"), "Jörg", "root")),
                new JournalEntry.Held(Runs.NOW, new LineHold("KLMS_TLS", "record 4, \"no\" trust", 4, Runs.NOW)),
                new JournalEntry.Released(Runs.NOW, "Jörg", "root", "certificate renewed"));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void isReadBackAsItWasWritten(JournalEntry entry) {
        assertThat(EntryReader.read(entry.json())).isEqualTo(entry);
        assertThat(entry.json()).doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"type\":\"BEGIN\",\"at\":\"yesterday\"}",
                "{\"type\":\"PARTY\",\"at\":\"2023-10-27T14:32:01Z\"}",
                "{\"type\":\"BEGIN\",\"at\":\"2023-10-27T14:32:01Z\",\"fob_uid\":1,\"reader_id\":\"r\"}",
                "{\"type\":\"BEGIN\",\"type\":\"BEGIN\",\"at\":\"2023-10-27T14:32:01Z\"}",
                "{\"type\":\"INTENT\",\"at\":\"2023-10-27T14:32:01Z\",\"run\":1,\"kind\":\"WISH\"}",
                "{\"type\":\"LOCAL\",\"at\":\"2023-10-27T14:32:01Z\",\"audit_sequence\":1.5}",
                "{\"type\":\"LOCAL\""
            })
    void refusesWhatIsNoEntry(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> EntryReader.read(json));
    }

    @Test
    void readsARunAndARecordOfAVersionThatNotedNoLinks() {
        String begin = "{\"type\":\"BEGIN\",\"at\":\"2023-10-27T14:32:01Z\",\"fob_uid\":\"04A1\",\"reader_id\":\"R1\"}";
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);
        String result = new JournalEntry.Result(Runs.NOW, record).json();

        assertThat(((JournalEntry.Begin) EntryReader.read(begin)).history()).isEqualTo(FobHistory.NONE);
        assertThat(result).doesNotContain("follows", "half_done");
        assertThat(EntryReader.read(result)).isEqualTo(new JournalEntry.Result(Runs.NOW, record));
    }

    @Test
    void keepsAFailureCodeThatThisProgramDoesNotKnow() {
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);
        String json = new JournalEntry.Result(Runs.NOW, record)
                .json()
                .replace("\"stage_times\"", "\"failure_code\":\"OF_A_LATER_VERSION\",\"stage_times\"");

        AuditRecord read = ((JournalEntry.Result) EntryReader.read(json)).record();

        assertThat(read.envelope().failureCode()).contains("OF_A_LATER_VERSION");
    }

    @Test
    void keepsWhatTheCardSaidOfItselfAndTheLastIntent() {
        AuditRecord record = Runs.record(5, Runs.ofFob(Runs.UID, Runs.passed("trx_1")), Runs.STATION);

        JournalEntry read = EntryReader.read(new JournalEntry.Result(Runs.NOW, record).json());

        assertThat(read).isEqualTo(new JournalEntry.Result(Runs.NOW, record));
        assertThat(record.envelope().cardFacts()).containsEntry("kdd", "CF0A00000370");
        assertThat(record.envelope().lastIntent()).contains("PAYLOAD");
    }

    @Test
    void readsARecordFromBeforeCardFactsAndLastIntent() {
        AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);
        String json = new JournalEntry.Result(Runs.NOW, record)
                .json()
                .replace("\"card_facts\":{},", "")
                .replace("\"last_intent\":\"PAYLOAD\",", "");
        assertThat(json).doesNotContain("card_facts", "last_intent");

        AuditRecord read = ((JournalEntry.Result) EntryReader.read(json)).record();

        assertThat(read.envelope().cardFacts()).isEmpty();
        assertThat(read.envelope().lastIntent()).isEmpty();
    }
}
