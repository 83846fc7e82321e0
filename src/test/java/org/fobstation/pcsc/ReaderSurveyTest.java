package org.fobstation.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReaderSurveyTest {

    private static final String PICC = "ACS ACR1252 1S CL Reader PICC 0";
    private static final String SAM = "ACS ACR1252 1S CL Reader SAM 0";

    private final FakeSmartCardService service =
            new FakeSmartCardService().plugIn(PICC).plugIn(SAM);

    private ReaderSurvey survey(String left, String right) throws PcscException {
        return ReaderSurvey.take(
                service,
                new TreeMap<>(Map.of("left", new ReaderPattern(left, ""), "right", new ReaderPattern(right, ""))));
    }

    @Test
    void saysWhoseEachReaderIs() throws PcscException {
        ReaderSurvey survey = survey("picc", "omnikey");

        assertThat(survey.readerNames()).containsExactly(PICC, SAM);
        assertThat(survey.owner(PICC)).isEqualTo("left");
        assertThat(survey.owner(SAM)).isEmpty();
        assertThat(survey.contested()).isEmpty();
        assertThat(service.openContexts()).isZero();
    }

    @Test
    void namesEveryReaderThatTwoPatternsMatch() throws PcscException {
        ReaderSurvey survey = survey("acr1252", "picc");

        assertThat(survey.contested()).containsExactly("the PC/SC reader " + PICC + " is matched by left and right");
        assertThat(survey.owner(PICC)).isEmpty();
    }

    @Test
    void failsWithoutTheService() {
        service.stopService();
        assertThatThrownBy(() -> survey("picc", "omnikey")).hasMessageContaining("E_NO_SERVICE");
    }
}
