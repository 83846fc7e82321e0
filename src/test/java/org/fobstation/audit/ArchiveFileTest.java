package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record as a file of the archive. */
class ArchiveFileTest {

    @TempDir
    Path archive;

    final AuditRecord record = Runs.record(5, Runs.passed("trx_1"), Runs.STATION);
    final byte[] whole = ArchiveFile.of(record);
    final String text = new String(whole, StandardCharsets.UTF_8);

    @Test
    void isReadBackAsTheRecord() {
        assertThat(ArchiveFile.parse(whole)).isEqualTo(record);
    }

    @Test
    void isReadOnlyAsTheStationWroteIt() {
        for (String[] edit : new String[][] {
            {"{\n", "{ \n"},
            {"\"outcome\" : \"SUCCESS\"", "\"outcome\" : \"FAILURE\", \"odd\" : 1"},
            {"\"audit_sequence\" : 1", "\"audit_sequence\" : 1.0"},
            {"2023-10-27T14:32:01.123Z\",\n", "2023-10-27\",\n"},
            {"\"id\"", "id"},
            {"\n  \"body\"", "\n\"body\""},
            {"\n}\n", "\n}"}
        }) {
            assertThat(text).contains(edit[0]);
            byte[] edited = text.replace(edit[0], edit[1]).getBytes(StandardCharsets.UTF_8);
            assertThatIllegalArgumentException().as(edit[1]).isThrownBy(() -> ArchiveFile.parse(edited));
        }
    }

    @Test
    void saysOfADeadLetterWhyItIsOneBeforeTheBody() {
        String letter = new String(ArchiveFile.of(record, new Settlement.Dead("no", 3, false)), StandardCharsets.UTF_8);

        assertThat(letter)
                .isEqualTo(text.replace(
                        "\n  \"body\"",
                        "\n  \"dead_letter\" : {\n    \"reason\" : \"no\",\n    \"attempts\" : 3,\n"
                                + "    \"refused\" : false\n  },\n  \"body\""));
    }

    @Nested
    class Restored {

        Path restore(byte[] found) throws Exception {
            Path file = archive.resolve(record.archiveName());
            Files.createDirectories(file.getParent());
            Files.write(file, found);
            ArchiveFile.restore(record, archive);
            return file;
        }

        @Test
        void isAFileThatIsMissingWithItsFolder() throws Exception {
            ArchiveFile.restore(record, archive);

            Path file = archive.resolve("2023-10-27/1-trx_1.json");
            assertThat(file).hasBinaryContent(whole);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }

        @Test
        void isABeginningWithOrWithoutZerosBehindIt() throws Exception {
            for (int length : new int[] {0, 1, whole.length - 1}) {
                assertThat(restore(Arrays.copyOf(whole, length))).hasBinaryContent(whole);
                assertThat(restore(Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 9)))
                        .hasBinaryContent(whole);
            }
        }

        @Test
        void isNoFileThatSomebodyEdited() throws Exception {
            byte[] edited = whole.clone();
            edited[whole.length - 10] ^= 1;
            assertThat(restore(edited)).hasBinaryContent(edited);

            byte[] shortened = Arrays.copyOf(edited, whole.length - 5);
            assertThat(restore(shortened)).hasBinaryContent(shortened);
        }

        @Test
        void isNoFileThatIsWhole() throws Exception {
            Path file = archive.resolve(record.archiveName());
            Files.createDirectories(file.getParent());
            Files.write(file, whole);
            Object before = Files.readAttributes(file, "unix:ino").get("ino");
            ArchiveFile.restore(record, archive);

            assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
        }
    }

    @Nested
    class FoundForARepair {

        Optional<AuditRecord> continuing(long auditSeq, String auditHash) {
            return new ArchiveRecords(archive).continuing(auditSeq, auditHash);
        }

        void write(AuditRecord archived) throws Exception {
            Path file = archive.resolve(archived.archiveName());
            Files.createDirectories(file.getParent());
            Files.write(file, ArchiveFile.of(archived));
        }

        @Test
        void isTheRecordThatTheChainContinuesWith() throws Exception {
            write(record);

            assertThat(continuing(0, HashChain.START)).contains(record);
            assertThat(continuing(1, HashChain.START)).isEmpty();
            assertThat(continuing(0, record.auditHash())).isEmpty();
        }

        @Test
        void isNoRecordWhoseHashDoesNotFitItsBody() throws Exception {
            write(new AuditRecord(
                    1,
                    record.id(),
                    record.previousHash(),
                    record.auditHash(),
                    record.bodyText().replace("SUCCESS", "FAILURE"),
                    record.envelope()));

            assertThat(continuing(0, HashChain.START)).isEmpty();
        }

        @Test
        void isNoRecordUnderTheNumberOfAnother() throws Exception {
            Path file = archive.resolve("2023-10-27/2-trx_1.json");
            Files.createDirectories(file.getParent());
            Files.write(file, whole);

            assertThat(continuing(1, HashChain.START)).isEmpty();
        }

        @Test
        void isNothingWhereThereIsNoArchive() throws Exception {
            Files.delete(archive);
            assertThat(continuing(0, HashChain.START)).isEmpty();
            Files.createDirectory(archive);
        }
    }
}
