package org.fobstation.klms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file with one password or PIN: its first line, UTF-8, and nothing behind it. Only its owner may open it; that is looked
 * at before every reading.
 */
public final class SecretFile implements StorePassword {

    private static final int LONGEST = 4096;

    /** Editors and PowerShell of Windows begin a file of UTF-8 with it. */
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path path;

    public SecretFile(Path path) {
        this.path = path;
    }

    /** @throws KlmsSetupException if others may open it, or it holds no password */
    public void check() throws KlmsSetupException {
        Arrays.fill(read(), '\0');
    }

    @Override
    public char[] read() throws KlmsSetupException {
        if (!Files.isRegularFile(path)) {
            throw new KlmsSetupException(
                    path.toString(), "there is no such file", "Put the password there, or correct the path.");
        }
        OwnerOnly.require(path);
        byte[] bytes = bytes();
        try {
            return text(bytes);
        } catch (CharacterCodingException e) {
            throw new KlmsSetupException(path.toString(), "it is not UTF-8", "Save it as UTF-8.");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] bytes() throws KlmsSetupException {
        try {
            if (Files.size(path) > LONGEST) {
                throw new KlmsSetupException(
                        path.toString(), "it is longer than " + LONGEST + " bytes", "Keep the password alone in it.");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new KlmsSetupException(
                    path.toString(), "it cannot be read: " + e, "Make the station's user its owner.");
        }
    }

    private char[] text(byte[] bytes) throws CharacterCodingException, KlmsSetupException {
        CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        try {
            int end = decoded.limit();
            int begin = end > 0 && decoded.get(0) == BYTE_ORDER_MARK ? 1 : 0;
            // Editors and echo end the line.
            while (end > begin && (decoded.get(end - 1) == '\n' || decoded.get(end - 1) == '\r')) {
                end--;
            }
            char[] password = new char[end - begin];
            decoded.get(begin, password);
            for (char sign : password) {
                if (Character.isISOControl(sign)) {
                    Arrays.fill(password, '\0');
                    throw new KlmsSetupException(
                            path.toString(), "it has more than one line", "Keep the password alone in it.");
                }
            }
            if (password.length == 0) {
                throw new KlmsSetupException(path.toString(), "it is empty", "Write the password into it.");
            }
            return password;
        } finally {
            Arrays.fill(decoded.array(), '\0');
        }
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
