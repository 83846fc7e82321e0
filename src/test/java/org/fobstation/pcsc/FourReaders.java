package org.fobstation.pcsc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a pcscd of its own with four virtual readers under real names: two entries of reader.conf, each
 * with two slots and, since entries that share a driver file share its state, a copy of the driver. It looks for cards
 * every 20 ms ({@link ShortPoll}) where a C compiler is there, every 400 ms otherwise. Use it after
 * {@link RealPcscd}, which decides whether the tests may end the pcscd that runs.
 */
public final class FourReaders implements BeforeAllCallback, AfterAllCallback {

    /** Port of the first reader of {@code ACS ACR1252 1S CL Reader PICC}; its second slot has the next. */
    public static final int ACR1252_PORT = 36001;

    /** Port of the first reader of {@code ACS ACR1281 1S Dual Reader PICC}; its second slot has the next. */
    public static final int ACR1281_PORT = 36011;

    /** How pcscd names them. */
    public static final String ACR1252 = "ACS ACR1252 1S CL Reader PICC 00 00";

    public static final String ACR1281 = "ACS ACR1281 1S Dual Reader PICC 00 00";

    private static final Path DRIVER = Path.of("/usr/lib/pcsc/drivers/serial/libifdvpcd.so");
    private static final Path FOLDER = Path.of("target/pcscd").toAbsolutePath();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            RealPcscd.switchTo(setup());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isOutermost(context)) {
            RealPcscd.switchBack();
        }
    }

    /** Nested classes use what their outer class has. */
    private static boolean isOutermost(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    private static RealPcscd.Setup setup() {
        try {
            Files.createDirectories(FOLDER);
            Path readers = Files.createDirectories(FOLDER.resolve("reader.conf.d"));
            entry(readers, "ACS ACR1252 1S CL Reader PICC", ACR1252_PORT);
            entry(readers, "ACS ACR1281 1S Dual Reader PICC", ACR1281_PORT);
            return new RealPcscd.Setup(
                    List.of("--config", readers.toString()),
                    ShortPoll.environment(FOLDER),
                    List.of(ACR1252_PORT, ACR1252_PORT + 1, ACR1281_PORT, ACR1281_PORT + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void entry(Path readers, String name, int port) throws IOException {
        Path driver = FOLDER.resolve("libifdvpcd-" + port + ".so");
        Files.copy(DRIVER.toRealPath(), driver, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                readers.resolve("vpcd-" + port),
                """
                FRIENDLYNAME "%s"
                DEVICENAME   /dev/null:%d
                LIBPATH      %s
                CHANNELID    %d
                """
                        .formatted(name, port, driver, port));
    }
}
