package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The words of Linux and of Windows. */
class DiskFaultTest {

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new IOException("No space left on device"), "the disk is full"),
                Arguments.of(new IOException("There is not enough space on the disk"), "the disk is full"),
                Arguments.of(new FileSystemException("a", null, "Disk quota exceeded"), "the disk is full"),
                Arguments.of(new FileSystemException("a", null, "Read-only file system"), "the disk is read-only"),
                Arguments.of(new ReadOnlyFileSystemException(), "the disk is read-only"),
                Arguments.of(new IOException("The media is write-protected"), "the disk is read-only"),
                Arguments.of(new AccessDeniedException("a"), "the station's user may not write there"),
                Arguments.of(
                        new FileNotFoundException("a (Permission denied)"), "the station's user may not write there"),
                Arguments.of(
                        new FileNotFoundException("a (Access is denied)"), "the station's user may not write there"),
                Arguments.of(
                        new IOException(
                                "The process cannot access the file because it is being used by another process"),
                        "another program holds the file"),
                Arguments.of(new FileAlreadyExistsException("a"), "a file stands where the folder belongs"),
                Arguments.of(new NoSuchFileException("a"), "the folder or file is gone"),
                Arguments.of(new FileNotFoundException("a (No such file or directory)"), "the folder or file is gone"),
                Arguments.of(
                        new FileNotFoundException("a (The system cannot find the path specified)"),
                        "the folder or file is gone"),
                Arguments.of(new FileNotFoundException("a (Zugriff verweigert)"), "the disk did not do what was asked"),
                Arguments.of(
                        new FileNotFoundException("/crc/i/o/a (Permission denied)"),
                        "the station's user may not write there"),
                Arguments.of(new FileNotFoundException("/crc/a (odd)"), "the disk did not do what was asked"),
                Arguments.of(new IOException("Input/output error"), "the disk fails"),
                Arguments.of(new IOException("odd"), "the disk did not do what was asked"),
                Arguments.of(new IllegalStateException(), "the disk did not do what was asked"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhatIsWrongAndWhatToDo(Exception cause, String sentence) {
        DiskFault fault = DiskFault.of(cause);

        assertThat(fault.sentence()).isEqualTo(sentence);
        assertThat(fault.remedy()).contains("data.dir").endsWith("then start the station again.");
    }
}
