package dev.turnout.dns;

import dev.turnout.routing.HostPort;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers one question: over UDP, and over TCP if the answer has no room there. Each question has a random
 * number and a port of its own, and an answer to another question is not taken. Blocks, for a bounded time.
 */
final class DnsClient {

    private static final int TRIES = 2;
    private static final int TRY_MILLIS = 1_500;
    private static final int MOST_DATAGRAM = 65_535;
    private static final int IDS = 1 << 16;

    private final NameServers servers;
    private final SecureRandom random = new SecureRandom();

    DnsClient(NameServers servers) {
        this.servers = servers;
    }

    /**
     * Returns the answer of the first server that gives one. One that says that it can't answer gives none.
     *
     * @throws LookUpFailed if none gives one
     */
    DnsMessage ask(String name, RecordType type) throws LookUpFailed {
        LookUpFailed last = new LookUpFailed("nobody was asked");
        List<HostPort> all = servers.now();
        for (int i = 0; i < TRIES; i++) {
            for (HostPort server : all) {
                try {
                    DnsMessage answer = ask(server, name, type);
                    if (answer.isAnswer()) {
                        return answer;
                    }
                    last = LookUpFailed.withError(answer.code());
                } catch (LookUpFailed e) {
                    last = e;
                } catch (SocketTimeoutException e) {
                    last = new LookUpFailed("no answer from " + server + " in time");
                } catch (PortUnreachableException e) {
                    last = new LookUpFailed("nothing answers at " + server);
                } catch (IOException e) {
                    last = new LookUpFailed(server + " can't be asked: " + e.getMessage());
                }
            }
        }
        throw last;
    }

    private DnsMessage ask(HostPort server, String name, RecordType type) throws IOException, LookUpFailed {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(server.host()), server.port());
        int id = random.nextInt(IDS);
        byte[] question = DnsMessage.question(id, name, type);
        String words = DnsMessage.words(name, type);
        DnsMessage answer = overUdp(address, id, question, words);
        return answer.isTruncated() ? overTcp(address, id, question, words) : answer;
    }

    private static DnsMessage overUdp(InetSocketAddress address, int id, byte[] question, String words)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            socket.send(new DatagramPacket(question, question.length));
            long end = end();
            byte[] buffer = new byte[MOST_DATAGRAM];
            while (true) {
                socket.setSoTimeout(leftMillis(end));
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] bytes = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, bytes, 0, bytes.length);
                DnsMessage answer = readable(bytes);
                if (answer != null && answer.id() == id && answer.question().equals(words)) {
                    return answer;
                }
            }
        }
    }

    /** Somebody who guesses the port can send anything: what is no answer is passed over. */
    private static @Nullable DnsMessage readable(byte[] bytes) {
        try {
            return DnsMessage.read(bytes);
        } catch (LookUpFailed e) {
            return null;
        }
    }

    private static DnsMessage overTcp(InetSocketAddress address, int id, byte[] question, String words)
            throws IOException, LookUpFailed {
        long end = end();
        try (Socket socket = new Socket()) {
            socket.connect(address, leftMillis(end));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[question.length + 2];
            framed[0] = (byte) (question.length >> 8);
            framed[1] = (byte) question.length;
            System.arraycopy(question, 0, framed, 2, question.length);
            out.write(framed);
            byte[] length = read(socket, 2, end);
            DnsMessage answer = DnsMessage.read(read(socket, (length[0] & 0xff) << 8 | length[1] & 0xff, end));
            if (answer.id() != id || !answer.question().equals(words) || answer.isTruncated()) {
                throw new LookUpFailed("the answer over TCP is none to the question");
            }
            return answer;
        }
    }

    /** Reads so many bytes. A server that sends them one by one gains no time by that. */
    private static byte[] read(Socket socket, int count, long end) throws IOException {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count; ) {
            socket.setSoTimeout(leftMillis(end));
            int more = socket.getInputStream().read(bytes, have, count - have);
            if (more < 0) {
                throw new EOFException("the answer over TCP broke off");
            }
            have += more;
        }
        return bytes;
    }

    private static long end() {
        return System.nanoTime() + TRY_MILLIS * 1_000_000L;
    }

    /** Returns what is left of the time for an answer, more than 0. */
    private static int leftMillis(long end) throws SocketTimeoutException {
        long left = (end - System.nanoTime()) / 1_000_000L;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) left;
    }
}
