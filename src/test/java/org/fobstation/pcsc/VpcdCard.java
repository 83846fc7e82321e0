package org.fobstation.pcsc;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import jdk.net.ExtendedSocketOptions;

/**
 * A card on a reader of vpcd (vsmartcard): opening the connection presents it, closing removes it. Every message is two
 * bytes of length, big endian, and that many bytes; one byte is a control code, more are a command.
 */
final class VpcdCard implements AutoCloseable {

    private static final byte[] ATR = HexFormat.of().parseHex("3B8F8001804F0CA0000003060300030000000068");
    private static final int GET_ATR = 4;

    private final Socket socket;
    private final List<byte[]> commands = new CopyOnWriteArrayList<>();

    private VpcdCard(int port, UnaryOperator<byte[]> answers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(answers), "vpcd-card-" + port);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Presents a card that answers FF CA with its UID and everything else with the command and 9000.
     *
     * @param port of vpcd's reader
     * @param uid in hex
     */
    static VpcdCard echo(int port, String uid) {
        byte[] uidAnswer = HexFormat.of().parseHex(uid + "9000");
        return answering(port, command -> command[0] == (byte) 0xFF ? uidAnswer : withSuccess(command));
    }

    /** Presents a card that answers commands as given; null removes it in the middle of the command. */
    static VpcdCard answering(int port, UnaryOperator<byte[]> answers) {
        try {
            return new VpcdCard(port, answers);
        } catch (IOException e) {
            throw new UncheckedIOException("no vpcd reader listens on port " + port, e);
        }
    }

    static byte[] withSuccess(byte[] data) {
        byte[] answer = java.util.Arrays.copyOf(data, data.length + 2);
        answer[data.length] = (byte) 0x90;
        return answer;
    }

    /** Every command received, oldest first. */
    List<byte[]> commands() {
        return commands;
    }

    private void serve(UnaryOperator<byte[]> answers) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedShort();
                // vpcd writes length and data apart; without this each message waits 40 ms for an ACK. Not sticky.
                socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
                byte[] message = in.readNBytes(length);
                if (message.length == 1) {
                    if (message[0] == GET_ATR) {
                        send(ATR);
                    }
                    continue;
                }
                commands.add(message);
                byte[] answer = answers.apply(message);
                if (answer == null) {
                    return;
                }
                send(answer);
            }
        } catch (EOFException | SocketException e) {
            // Removed, or pcscd has gone: the card lies on no reader any more.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(byte[] data) throws IOException {
        byte[] message = new byte[data.length + 2];
        message[0] = (byte) (data.length >> 8);
        message[1] = (byte) data.length;
        System.arraycopy(data, 0, message, 2, data.length);
        socket.getOutputStream().write(message);
    }

    /** Removes the card. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
