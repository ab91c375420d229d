package dev.turnout.support;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server at one port of UDP and TCP, which says what a test tells it to say. */
public final class DnsServer implements AutoCloseable {

    /** The types of records. */
    public enum Type {
        A(1),
        CNAME(5),
        AAAA(28),
        SRV(33);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    /** What the server does with a question. */
    public enum Mood {
        ANSWERS,
        SILENT,
        /** Says that it has failed. */
        FAILS,
        /** Says that it has failed when it is asked for IPv6 addresses. */
        FAILS_FOR_IPV6,
        /** Says that there is no such name when it is asked for IPv6 addresses. */
        DENIES_FOR_IPV6,
        /** Has no room for an answer over UDP, and sends a byte now and then over TCP. */
        SLOW_OVER_TCP,
        /** Sends an answer to another question first, and bytes that are no answer. */
        DISTURBED
    }

    /**
     * A record.
     *
     * @param text an address, a name, or {@code priority weight port name}
     */
    public record Record(String owner, Type type, int ttl, String text) {}

    private static final int MOST_UDP = 512;
    private static final int MOST_TCP = 65_535;
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(200);

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Record>> zone = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger overTcp = new AtomicInteger();
    private volatile Mood mood = Mood.ANSWERS;

    /** Starts it at a free port of the loopback address. It knows no names. */
    public DnsServer() {
        try {
            InetAddress loopback = InetAddress.getByName("127.0.0.1");
            tcp = new ServerSocket(0, 50, loopback);
            udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::serveUdp);
        start(this::serveTcp);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "dns-server");
        thread.setDaemon(true);
        thread.start();
    }

    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /** Gives a name addresses in the place of those before, of one second. */
    public void addresses(String name, String... addresses) {
        records(
                name,
                List.of(addresses).stream()
                        .map(address -> new Record(name, address.contains(":") ? Type.AAAA : Type.A, 1, address))
                        .toArray(Record[]::new));
    }

    /** Gives a name records in the place of those before. */
    public void records(String name, Record... records) {
        zone.put(name, List.of(records));
    }

    /** Lets a name be unknown. */
    public void remove(String name) {
        zone.remove(name);
    }

    public void is(Mood next) {
        mood = next;
    }

    /** Returns how many questions have come, over both. */
    public int questions() {
        return questions.get();
    }

    /** Returns how many have come over TCP. */
    public int overTcp() {
        return overTcp.get();
    }

    private void serveUdp() {
        byte[] buffer = new byte[2048];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                questions.incrementAndGet();
                byte[] question = new byte[packet.getLength()];
                System.arraycopy(buffer, 0, question, 0, question.length);
                if (mood != Mood.SILENT) {
                    answer(question, packet);
                }
            }
        } catch (IOException e) {
            // The server was closed.
            return;
        }
    }

    private void answer(byte[] question, DatagramPacket packet) throws IOException {
        if (mood == Mood.DISTURBED) {
            byte[] other = answer(question, false);
            other[1] ^= 1;
            send(other, packet);
            send(new byte[] {1, 2, 3}, packet);
        }
        byte[] answer = answer(question, false);
        boolean hasRoom = answer.length <= MOST_UDP && mood != Mood.SLOW_OVER_TCP;
        send(hasRoom ? answer : answer(question, true), packet);
    }

    private void send(byte[] bytes, DatagramPacket to) throws IOException {
        udp.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket client = tcp.accept()) {
                    overTcp.incrementAndGet();
                    questions.incrementAndGet();
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    if (mood == Mood.SLOW_OVER_TCP) {
                        trickle(out);
                        continue;
                    }
                    byte[] answer = answer(question, false);
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            // The server was closed.
            return;
        }
    }

    /** Sends the longest answer that there is, slowly, until the client has gone. */
    private static void trickle(DataOutputStream out) {
        try {
            out.writeShort(MOST_TCP);
            for (int i = 0; i < MOST_TCP; i++) {
                out.writeByte(0);
                Await.pause(BETWEEN_BYTES);
            }
        } catch (IOException e) {
            // The client has gone.
            return;
        }
    }

    private byte[] answer(byte[] question, boolean isTruncated) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(question);
        in.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length != 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = in.getShort();
        List<Record> known = zone.get(name.toString().toLowerCase(Locale.ROOT));
        int code = code(type, known != null);
        List<Record> said = known == null || code != 0
                ? List.of()
                : known.stream()
                        .filter(record -> record.type().code == type || record.type() == Type.CNAME)
                        .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8180 | code | (isTruncated ? 0x0200 : 0));
        out.writeShort(1);
        out.writeShort(isTruncated ? 0 : said.size());
        out.writeInt(0);
        out.write(question, 12, in.position() + 2 - 12);
        if (!isTruncated) {
            for (Record record : said) {
                write(record, name.toString(), out);
            }
        }
        return bytes.toByteArray();
    }

    private int code(int type, boolean isKnown) {
        boolean isIpv6 = type == Type.AAAA.code;
        if (mood == Mood.FAILS || mood == Mood.FAILS_FOR_IPV6 && isIpv6) {
            return 2;
        }
        return !isKnown || mood == Mood.DENIES_FOR_IPV6 && isIpv6 ? 3 : 0;
    }

    private static void write(Record record, String asked, DataOutputStream out) throws IOException {
        if (record.owner().equals(asked)) {
            // A pointer to the question.
            out.writeShort(0xc00c);
        } else {
            name(record.owner(), out);
        }
        out.writeShort(record.type().code);
        out.writeShort(1);
        out.writeInt(record.ttl());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        DataOutputStream of = new DataOutputStream(data);
        switch (record.type()) {
            case A, AAAA -> of.write(InetAddress.getByName(record.text()).getAddress());
            case CNAME -> name(record.text(), of);
            case SRV -> {
                String[] words = record.text().split(" ");
                for (int i = 0; i < 3; i++) {
                    of.writeShort(Integer.parseInt(words[i]));
                }
                name(words[3], of);
            }
        }
        out.writeShort(data.size());
        data.writeTo(out);
    }

    private static void name(String name, DataOutputStream out) throws IOException {
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                out.writeByte(label.length());
                out.write(label.getBytes(StandardCharsets.US_ASCII));
            }
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
