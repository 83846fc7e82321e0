package org.fobstation.pcsc;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A fob for {@link FakeSmartCardService}: answers FF CA with its UID and echoes the data of every other command. */
final class FakeCard {

    static final String ATR = "3B8F8001804F0CA0000003060300030000000068";

    private final byte[] uidAnswer;
    private final List<byte[]> commands = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch hanging;
    private volatile int failure;
    private volatile boolean muteToReset;

    private FakeCard(String uidAnswer) {
        this.uidAnswer = HexFormat.of().parseHex(uidAnswer);
    }

    static FakeCard withUid(String uid) {
        return new FakeCard(uid + "9000");
    }

    /** @param answer what it says to FF CA 00 00 00, status word included */
    static FakeCard answeringUidWith(String answer) {
        return new FakeCard(answer);
    }

    /** From now on every command fails with this code. */
    void failWith(int code) {
        failure = code;
    }

    /** The next command waits for {@link #answerAgain()}. */
    void hang() {
        hanging = new CountDownLatch(1);
    }

    void answerAgain() {
        hanging.countDown();
    }

    /** Does not answer the next reset. */
    void missOneReset() {
        muteToReset = true;
    }

    boolean reset() {
        boolean answers = !muteToReset;
        muteToReset = false;
        return answers;
    }

    /** Every command received, oldest first. */
    List<byte[]> commands() {
        return commands;
    }

    byte[] transmit(byte[] command) throws PcscException {
        commands.add(command.clone());
        CountDownLatch wait = hanging;
        if (wait != null) {
            await(wait);
        }
        if (failure != 0) {
            throw new PcscException("SCardTransmit", failure);
        }
        if (command[0] == (byte) 0xFF) {
            return uidAnswer.clone();
        }
        byte[] answer = new byte[command.length + 2];
        System.arraycopy(command, 0, answer, 0, command.length);
        answer[command.length] = (byte) 0x90;
        return answer;
    }

    private static void await(CountDownLatch wait) {
        try {
            wait.await();
        } catch (InterruptedException e) {
            throw new AssertionError("a fob in progress was interrupted", e);
        }
    }
}
