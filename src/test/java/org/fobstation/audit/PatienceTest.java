package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another program has a file open, as Windows says it. */
class PatienceTest {

    private int tries;

    static Stream<IOException> held() {
        return Stream.of(
                new FileSystemException(
                        "a.json",
                        null,
                        "The process cannot access the file because it is being used by another process"),
                new FileSystemException(
                        "a.json",
                        "b.json",
                        "Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen Prozess verwendet wird"),
                new AccessDeniedException("a.json"),
                new FileNotFoundException(
                        "1.journal (The process cannot access the file because it is being used by another process)"));
    }

    static Stream<IOException> settled() {
        return Stream.of(
                new NoSuchFileException("a.json"),
                new FileAlreadyExistsException("a.json"),
                new IOException("No space left on device"));
    }

    private String failing(int times, IOException failure) throws IOException {
        return Patience.with(() -> {
            tries++;
            if (tries <= times) {
                throw failure;
            }
            return "done";
        });
    }

    @ParameterizedTest
    @MethodSource("held")
    void isRewardedWhenTheFileIsFreeAgain(IOException failure) throws IOException {
        assertThat(failing(Patience.TRIES - 1, failure)).isEqualTo("done");
        assertThat(tries).isEqualTo(Patience.TRIES);
    }

    @ParameterizedTest
    @MethodSource("held")
    void hasAnEnd(IOException failure) {
        assertThatThrownBy(() -> failing(Integer.MAX_VALUE, failure)).isSameAs(failure);
        assertThat(tries).isEqualTo(Patience.TRIES);
    }

    @ParameterizedTest
    @MethodSource("settled")
    void isNotSpentOnWhatWillNotChange(IOException failure) {
        assertThatThrownBy(() -> failing(Integer.MAX_VALUE, failure)).isSameAs(failure);
        assertThat(tries).isEqualTo(1);
    }
}
