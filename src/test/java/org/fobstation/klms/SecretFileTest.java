package org.fobstation.klms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.AclEntryPermission.READ_ATTRIBUTES;
import static java.nio.file.attribute.AclEntryPermission.READ_DATA;
import static java.nio.file.attribute.AclEntryPermission.WRITE_ACL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with a password in them. */
class SecretFileTest {

    @TempDir
    private Path folder;

    @Nested
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "files there have no POSIX mode")
    class OnPosix {

        @ParameterizedTest
        @ValueSource(strings = {"geheim", "geheim\n", "geheim\r\n", "\uFEFFgeheim", "\uFEFFgeheim\r\n"})
        void isReadWithoutTheEndOfItsLineAndTheMarkOfItsCharset(String text) throws Exception {
            assertThat(new SecretFile(file("rw-------", text)).read()).isEqualTo("geheim".toCharArray());
        }

        @Test
        void mayHoldAnySigns() throws Exception {
            assertThat(new SecretFile(file("r--------", " grüße €#= ")).read()).isEqualTo(" grüße €#= ".toCharArray());
        }

        @ParameterizedTest
        @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x", "rw-rw-rw-"})
        void isRefusedWhereOthersMayOpenIt(String mode) throws Exception {
            Path file = file(mode, "geheim");
            assertThatThrownBy(() -> new SecretFile(file).read())
                    .isInstanceOf(KlmsSetupException.class)
                    .hasMessageStartingWith(file + ": others than its owner may open it (" + mode + ")")
                    .hasMessageContaining("chmod 600 " + file)
                    .hasMessageNotContaining("geheim");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", "\uFEFF", "\uFEFF\n", "one\ntwo", "tab\there"})
        void isRefusedWithoutOnePassword(String text) throws Exception {
            Path file = file("rw-------", text);
            assertThatThrownBy(() -> new SecretFile(file).read())
                    .isInstanceOf(KlmsSetupException.class)
                    .message()
                    .containsPattern("it is empty|it has more than one line");
        }

        @Test
        void isRefusedInAnotherCharset() throws Exception {
            Path file = file("rw-------", "");
            Files.write(file, new byte[] {'g', (byte) 0xFC, 'n'});
            assertThatThrownBy(() -> new SecretFile(file).read()).hasMessageContaining("it is not UTF-8");
        }

        @Test
        void isRefusedIfItIsNotThereOrMuchTooLong() throws Exception {
            assertThatThrownBy(() -> new SecretFile(folder.resolve("none")).check())
                    .hasMessageContaining("there is no such file");
            Path file = file("rw-------", "x".repeat(5000));
            assertThatThrownBy(() -> new SecretFile(file).check()).hasMessageContaining("longer than 4096 bytes");
        }

        private Path file(String mode, String text) throws IOException {
            Path file = Files.write(folder.resolve("password"), text.getBytes(UTF_8));
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    /** With ACLs as Windows gives them; not tried on Windows itself. */
    @Nested
    class OnWindows {

        private static final UserPrincipal OWNER = () -> "LINE04\\station";
        private final Path file = Path.of("station.pw");

        @Test
        void mayBeOpenedByItsOwnerAndTheSystem() {
            assertThatCode(() -> OwnerOnly.requireAcl(
                            file,
                            OWNER,
                            List.of(
                                    allowed(OWNER, READ_DATA),
                                    allowed(() -> "NT AUTHORITY\\SYSTEM", READ_DATA, WRITE_ACL),
                                    allowed(() -> "BUILTIN\\Administrators", READ_DATA),
                                    allowed(() -> "Everyone", READ_ATTRIBUTES))))
                    .doesNotThrowAnyException();
        }

        @ParameterizedTest
        @ValueSource(strings = {"Everyone", "BUILTIN\\Users", "LINE04\\Administrators"})
        void isRefusedWhereOthersMayOpenIt(String other) {
            assertThatThrownBy(() -> OwnerOnly.requireAcl(
                            file, OWNER, List.of(allowed(OWNER, READ_DATA), allowed(() -> other, READ_DATA))))
                    .isInstanceOf(KlmsSetupException.class)
                    .hasMessageContaining("others than its owner may open it (" + other + ")")
                    .hasMessageContaining("takeown /F \"station.pw\", icacls \"station.pw\"");
        }

        @Test
        void isRefusedWhereOthersMayAllowThemselvesToOpenIt() {
            assertThatThrownBy(() -> OwnerOnly.requireAcl(file, OWNER, List.of(allowed(() -> "Everyone", WRITE_ACL))))
                    .isInstanceOf(KlmsSetupException.class);
        }

        @Test
        void heedsNoDenialAndNoEntryForWhatIsInAFolder() {
            AclEntry denied = AclEntry.newBuilder(allowed(() -> "Everyone", READ_DATA))
                    .setType(AclEntryType.DENY)
                    .build();
            AclEntry inherited = AclEntry.newBuilder(allowed(() -> "Everyone", READ_DATA))
                    .setFlags(AclEntryFlag.INHERIT_ONLY)
                    .build();
            assertThatCode(() -> OwnerOnly.requireAcl(file, OWNER, List.of(denied, inherited)))
                    .doesNotThrowAnyException();
        }

        private AclEntry allowed(UserPrincipal who, AclEntryPermission... permissions) {
            return AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(who)
                    .setPermissions(permissions)
                    .build();
        }
    }
}
