package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.fobstation.pcsc.PcscException;
import org.fobstation.pcsc.ReaderState;

/** What the tests of the virtual service look at: state words and PC/SC codes. */
final class PcscAssertions {

    private PcscAssertions() {}

    static List<String> hex(List<ReaderState> states) {
        return states.stream()
                .map(state -> HexFormat.of().withUpperCase().toHexDigits(state.state()))
                .toList();
    }

    static void assertThatCode(ThrowingCallable call, int code) {
        assertThatExceptionOfType(PcscException.class)
                .isThrownBy(call)
                .extracting(PcscException::code)
                .isEqualTo(code);
    }

    static void assertThatCode(CompletableFuture<?> future, int code) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(future::join)
                .withCauseInstanceOf(PcscException.class)
                .satisfies(
                        e -> assertThat(((PcscException) e.getCause()).code()).isEqualTo(code));
    }
}
