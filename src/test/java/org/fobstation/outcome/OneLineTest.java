package org.fobstation.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A text of somebody else's")
class OneLineTest {

    private static String of(String text) {
        return OneLine.of(text, 300);
    }

    @Test
    void staysAsItIsIfAllOfItIsSeen() {
        assertThat(of("HTTP 422: n\u00e9ant \u65e5\u672c \ud83d\udd11"))
                .isEqualTo("HTTP 422: n\u00e9ant \u65e5\u672c \ud83d\udd11");
        assertThat(of("")).isEmpty();
    }

    @Test
    void becomesOneLine() {
        assertThat(of(" a\r\n2026-11-28 ERROR\tb\u2028c\u2029d\u00a0e\u0085 "))
                .isEqualTo("a 2026-11-28 ERROR b c d e\\u0085");
    }

    @Test
    void cannotSteerATerminal() {
        assertThat(of("a\u001b[2Jb\u009b31m\u0000\u0007\u007f"))
                .isEqualTo("a\\u001b[2Jb\\u009b31m\\u0000\\u0007\\u007f");
    }

    @Test
    void cannotTurnTheLineRoundOrHideInIt() {
        assertThat(of("a\u202eb\u200bc\ufeffd\udb40\udc41e\ue000"))
                .isEqualTo("a\\u202eb\\u200bc\\ufeffd\\u{e0041}e\\ue000");
    }

    @Test
    void hasNoHalfOfASign() {
        assertThat(of("a\ud800b\udfff")).isEqualTo("a\\ud800b\\udfff");
    }

    @Test
    void isBoundedAndSaysSo() {
        assertThat(of("x".repeat(300))).hasSize(300).doesNotContain(".");
        assertThat(of("x".repeat(301))).hasSize(300).endsWith("xx...");
        assertThat(of("\u0001".repeat(1_000_000))).hasSize(300);
        assertThat(of("x".repeat(296) + "\ud83d\udd11".repeat(9))).isEqualTo("x".repeat(296) + "...");
    }

    @Test
    void isWhatEveryFailureTells() {
        Failure failure = new Failure(FailureCode.KLMS_TLS, Stage.KEY_REQUEST, "CN=a\n\u001b[1m" + "x".repeat(5000));
        assertThat(failure.detail()).startsWith("CN=a \\u001b[1mxxx").hasSize(Failure.DETAIL_MAX);
    }
}
