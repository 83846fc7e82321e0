package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fobstation.pcsc.ReaderStatus.Attachment;
import org.junit.jupiter.api.Test;

class ReaderAssignmentTest {

    private static final String PICC = "ACS ACR1281 1S Dual Reader PICC 0";
    private static final String SAM = "ACS ACR1281 1S Dual Reader SAM 0";
    private static final String OMNIKEY = "HID Global OMNIKEY 5022 Smart Card Reader 0";

    private final Map<String, ReaderPattern> patterns = new LinkedHashMap<>();

    private ReaderAssignmentTest configure(String id, String name) {
        patterns.put(id, new ReaderPattern(name, ""));
        return this;
    }

    private List<ReaderStatus> with(String... readers) {
        return ReaderAssignment.assign(patterns, List.of(readers));
    }

    @Test
    void attachesTheOneReaderThatMatches() {
        assertThat(configure("left", "picc").configure("right", "omnikey").with(OMNIKEY, SAM, PICC))
                .extracting(ReaderStatus::readerId, ReaderStatus::readerName, ReaderStatus::isAttached)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("left", PICC, true),
                        org.assertj.core.groups.Tuple.tuple("right", OMNIKEY, true));
    }

    @Test
    void saysWhatIsThereInsteadOfAMissingReader() {
        assertThat(configure("left", "acr1252").with(PICC)).singleElement().satisfies(status -> {
            assertThat(status.attachment()).isEqualTo(Attachment.MISSING);
            assertThat(status.detail()).contains("acr1252", PICC);
        });
    }

    @Test
    void attachesNoneWhereOneNameMatchesTwoReaders() {
        assertThat(configure("left", "acr1281").with(PICC, SAM)).singleElement().satisfies(status -> {
            assertThat(status.attachment()).isEqualTo(Attachment.AMBIGUOUS);
            assertThat(status.detail()).contains(PICC, SAM);
        });
    }

    @Test
    void namesTheReadersThatAreNobodysButNotThoseLeftOut() {
        ReaderPattern picc = new ReaderPattern("*PICC*", "*SAM*");

        assertThat(ReaderAssignment.unclaimed(List.of(picc), List.of(PICC, SAM, OMNIKEY)))
                .containsExactly(OMNIKEY);
    }

    @Test
    void attachesNoneWhereTwoIdsClaimOneReader() {
        assertThat(configure("left", "acr1281").configure("right", "picc").with(PICC))
                .allSatisfy(status -> {
                    assertThat(status.attachment()).isEqualTo(Attachment.AMBIGUOUS);
                    assertThat(status.detail()).contains("left, right");
                });
    }
}
