import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Switches a fleet on this machine again and again, with a client at each member, and prints a row of times: what members say
 * in their receipts, and what clients and a watch of etcd see by one clock.
 *
 * <p>{@code java FleetTimes.java LABEL SWITCHES WARMUPS ETCD FRONT:ADMIN...}, where {@code ETCD} is the URL of a node, and the
 * others are ports of loopback.
 */
final class FleetTimes {

    private static final long PAUSE_NANOS = 1_000_000;
    private static final int BODY = 128;
    private static final byte[] REQUEST =
            ("GET /" + BODY + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final Pattern HELD = Pattern.compile("\"heldMillis\":(\\d+),\"heldRequests\":(\\d+)");

    private final String etcd;
    private final List<Client> clients = new ArrayList<>();
    private final List<String> admins = new ArrayList<>();
    private final List<Long> held = new ArrayList<>();
    private final List<Long> heldRequests = new ArrayList<>();
    private final List<Long> apart = new ArrayList<>();
    private final List<Long> afterCommit = new ArrayList<>();
    private final List<Long> answer = new ArrayList<>();
    private final List<Long> slowest = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private int outOfOrder;
    private volatile long committed;

    private FleetTimes(String etcd) {
        this.etcd = etcd;
    }

    /** What one client has seen of the switch that is under way. */
    private static final class Client extends Thread {

        private final int front;
        private String wanted = "";
        private volatile long lastOldSent;
        private volatile long firstNew;
        private volatile long slowest;
        private volatile long failed;

        private Client(int front) {
            this.front = front;
            setDaemon(true);
        }

        private synchronized void await(String slot) {
            lastOldSent = 0;
            firstNew = 0;
            slowest = 0;
            wanted = "\r\nX-Turnout-Slot: " + slot + "\r\n";
        }

        @Override
        public void run() {
            byte[] response = new byte[BODY * 8];
            while (true) {
                try (Socket socket = new Socket("127.0.0.1", front)) {
                    socket.setTcpNoDelay(true);
                    OutputStream out = socket.getOutputStream();
                    InputStream in = socket.getInputStream();
                    while (true) {
                        long sent = System.nanoTime();
                        out.write(REQUEST);
                        String head = read(in, response);
                        note(sent, System.nanoTime(), head);
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                } catch (IOException e) {
                    failed++;
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }

        private synchronized void note(long sent, long arrived, String head) {
            slowest = Math.max(slowest, arrived - sent);
            if (!head.contains(wanted)) {
                lastOldSent = sent;
            } else if (firstNew == 0) {
                firstNew = arrived;
            }
        }

        private static String read(InputStream in, byte[] response) throws IOException {
            int length = 0;
            int headEnd = -1;
            while (headEnd < 0 || length < headEnd + 4 + BODY) {
                int read = in.read(response, length, response.length - length);
                if (read < 0) {
                    throw new IOException("closed");
                }
                length += read;
                headEnd = new String(response, 0, length, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            }
            String head = new String(response, 0, headEnd + 2, StandardCharsets.ISO_8859_1);
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(head);
            }
            return head;
        }
    }

    public static void main(String[] args) throws Exception {
        FleetTimes bench = new FleetTimes(args[3]);
        for (int i = 4; i < args.length; i++) {
            String[] ports = args[i].split(":");
            bench.clients.add(new Client(Integer.parseInt(ports[0])));
            bench.admins.add("http://127.0.0.1:" + ports[1]);
        }
        bench.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        bench.print(args[0]);
        System.exit(0);
    }

    private void run(int switches, int warmups) throws Exception {
        clients.forEach(Thread::start);
        Thread watch = new Thread(this::watch);
        watch.setDaemon(true);
        watch.start();
        for (int i = 0; i < warmups + switches; i++) {
            flip(i, i >= warmups);
            Thread.sleep(100);
        }
    }

    private void flip(int round, boolean counts) throws Exception {
        String key = "bench-" + ProcessHandle.current().pid() + "-" + round;
        String slot = round % 2 == 0 ? "green" : "blue";
        int leader = round % admins.size();
        clients.forEach(client -> client.await(slot));
        committed = 0;
        long begun = System.nanoTime();
        String answered = call("POST", admins.get(leader) + "/admin/switch?wait=switched&force=true&to=" + slot, key);
        long took = System.nanoTime() - begun;
        String receipt = receipt(admins.get(leader) + "/admin/changes/" + key);
        for (int i = 0; i < 2000 && clients.stream().anyMatch(client -> client.firstNew == 0); i++) {
            Thread.sleep(1);
        }
        if (!answered.startsWith("200 ")
                || receipt.isEmpty()
                || clients.stream().anyMatch(client -> client.firstNew == 0)) {
            troubles.add("switch " + round + ": " + answered);
            return;
        }
        if (counts) {
            note(took, receipt);
        }
    }

    private void note(long took, String receipt) {
        LongStream flips = clients.stream().mapToLong(client -> client.firstNew);
        long first = clients.stream().mapToLong(client -> client.firstNew).min().orElseThrow();
        long last = flips.max().orElseThrow();
        answer.add(took);
        apart.add(last - first);
        if (committed != 0) {
            afterCommit.add(last - committed);
        }
        clients.forEach(client -> slowest.add(client.slowest));
        if (clients.stream().anyMatch(client -> client.lastOldSent > first)) {
            outOfOrder++;
        }
        Matcher votes = HELD.matcher(receipt);
        while (votes.find()) {
            held.add(Long.parseLong(votes.group(1)) * 1_000_000);
            heldRequests.add(Long.parseLong(votes.group(2)));
        }
    }

    /** Returns the receipt of a change once it is closed; empty if that takes longer than 15 s. */
    private static String receipt(String address) throws Exception {
        for (int i = 0; i < 600; i++) {
            String told = call("GET", address, "");
            if (told.startsWith("200 ") && told.contains("\"state\":\"") && !told.contains("\"state\":\"open\"")) {
                return told;
            }
            Thread.sleep(25);
        }
        return "";
    }

    private static String call(String method, String address, String key) throws IOException {
        HttpURLConnection call = (HttpURLConnection) URI.create(address).toURL().openConnection();
        call.setRequestMethod(method);
        if (!key.isEmpty()) {
            call.setRequestProperty("Idempotency-Key", key);
            call.setDoOutput(true);
            call.getOutputStream().close();
        }
        int status = call.getResponseCode();
        try (InputStream body = status < 400 ? call.getInputStream() : call.getErrorStream()) {
            String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return status + " " + text.replaceAll("\\s+", "");
        }
    }

    /** Notes when etcd tells of a decision. */
    private void watch() {
        String prefix = "/turnout/main/state/";
        String question = "{\"create_request\":{\"key\":\"" + base64(prefix) + "\",\"range_end\":\""
                + base64(prefix.substring(0, prefix.length() - 1) + "0") + "\"}}";
        try {
            HttpURLConnection call =
                    (HttpURLConnection) URI.create(etcd + "/v3/watch").toURL().openConnection();
            call.setRequestMethod("POST");
            call.setDoOutput(true);
            call.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("\"events\"")) {
                    committed = System.nanoTime();
                }
            }
            troubles.add("the watch of etcd has ended");
        } catch (IOException e) {
            troubles.add("the watch of etcd has ended: " + e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void print(String label) {
        System.out.printf(
                "| %s | %d | %s | %s | %s | %s | %s | %s | %d |%n",
                label,
                answer.size(),
                times(held),
                heldRequests.isEmpty() ? "-" : String.format("%d to %d", part(heldRequests, 0), part(heldRequests, 1)),
                times(apart),
                times(afterCommit),
                times(answer),
                times(slowest),
                outOfOrder);
        System.out.flush();
        troubles.stream().limit(5).forEach(trouble -> System.err.println("bench: " + trouble));
        long failed = clients.stream().mapToLong(client -> client.failed).sum();
        if (failed > 0 || !troubles.isEmpty()) {
            System.err.println(
                    "bench: " + label + ": " + failed + " requests failed, " + troubles.size() + " troubles");
        }
    }

    private static String times(List<Long> nanos) {
        if (nanos.isEmpty()) {
            return "-";
        }
        return Arrays.stream(new double[] {0.5, 0.9, 0.99})
                .mapToObj(share -> String.format(Locale.ROOT, "%.1f", part(nanos, share) / 1e6))
                .reduce((a, b) -> a + " / " + b)
                .orElseThrow();
    }

    private static long part(List<Long> values, double share) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }
}
