package org.fobstation.scp03;

import org.fobstation.apdu.CommandApdu;
import org.fobstation.secret.SecretBytes;

/** Plain command data where they lie, to be copied once: into the bytes that are encrypted and sent. */
interface CommandData {

    /** In bytes. */
    int length();

    void copyTo(byte[] wire, int at);

    /** The data of a command. */
    record OfCommand(CommandApdu command) implements CommandData {

        @Override
        public int length() {
            return command.dataLength();
        }

        @Override
        public void copyTo(byte[] wire, int at) {
            command.copyData(wire, at);
        }
    }

    /** A stretch of secret bytes: no copy of theirs stays on the heap but the encrypted one. */
    record OfSecret(SecretBytes secret, int from, int length) implements CommandData {

        @Override
        public void copyTo(byte[] wire, int at) {
            secret.exposeTo(from, length, wire, at);
        }
    }
}
