import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Clients that misbehave in every way at once, for SECONDS: {@code java RudeClients.java FRONT ADMIN SECONDS}, with
 * two ports of loopback. One thread, some 800 connections, some 100 new ones a second.
 *
 * <p>What hurts only themselves goes to {@code /marked} and {@code /sink} of a good application, the rest to
 * {@code /rude}, which is {@code RudeBackend}. Prints at the end, or at SIGTERM, what each attack got, and a line with
 * WRONG for what a client had not asked for.
 */
final class RudeClients {

    private static final Random RANDOM = new Random();
    private static final String LENGTH_9 = "POST /sink?mark=@ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
    private static final String CHUNKED = "POST /sink?mark=@ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String SMALL = "GET /marked/128?mark=@ HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LARGE = "GET /marked/1048576?mark=@ HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String[] STAGES = {
        "",
        "P",
        LENGTH_9.substring(0, 20),
        LENGTH_9.substring(0, LENGTH_9.length() - 9),
        LENGTH_9.substring(0, LENGTH_9.length() - 1),
        LENGTH_9,
        LENGTH_9 + "12345678",
        LENGTH_9 + "123456789",
        CHUNKED,
        CHUNKED + "5\r\nhel",
        CHUNKED + "5\r\nhello\r\n0\r\n",
        SMALL,
        LARGE,
        SMALL + LARGE + "GET /mar",
        "GET /rude/@ HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /rude/@ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123"
    };
    private static final String[] BROKEN_CHUNKS = {
        "xyz\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloworld\r\n0\r\n\r\n",
        "-1\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "FFFFFFFFFFFFFFFFF\r\nhello",
        "5;" + "e".repeat(300) + "\r\nhello\r\n0\r\n\r\n",
        "\r\n",
        "5\r\nhello\r\n0\r\nbad trailer\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX: " + "t".repeat(20000) + "\r\n\r\n"
    };
    private static final String[] MANNERS = {
        "GOOD",
        "TWICE",
        "TOO_MUCH",
        "CLOSE_BEHIND",
        "RESET_BEHIND",
        "OLD",
        "OLD_KEPT",
        "BODY_ON_204",
        "BODY_ON_304",
        "UNASKED_101",
        "UNTIL_CLOSE",
        "HALF_BODY",
        "INTERIM",
        "SILENT_CLOSE"
    };
    private static final String HIDDEN = "GET /rude/stolen HTTP/1.1\r\nHost: x\r\n\r\n";

    /**
     * What is done again and again over so many connections at a time.
     *
     * @param pauseMillis from the end of a connection to the next one
     * @param admin whether the admin port is attacked
     */
    private record Attack(String name, int connections, long pauseMillis, boolean admin, Consumer<Plan> plan) {}

    /** A step of a plan; times in milliseconds. */
    private sealed interface Step {
        record Send(byte[] bytes) implements Step {}

        record Wait(long millis) implements Step {}

        /** Reads until so many bytes have come, an answer's head at the least, the end has come or the time is over. */
        record Read(long bytes, long millis) implements Step {}

        record HalfClose() implements Step {}

        record Reset() implements Step {}
    }

    /** The steps of one connection, in order. "@" stands for the mark of the connection in all that is sent. */
    private static final class Plan {
        private final Queue<Step> steps = new ArrayDeque<>();
        private final String mark;

        Plan(String mark) {
            this.mark = mark;
        }

        Plan send(String text) {
            steps.add(new Step.Send(text.replace("@", mark).getBytes(StandardCharsets.ISO_8859_1)));
            return this;
        }

        Plan pieces(String text, int most, long pause) {
            for (int i = 0, end; i < text.length(); i = end) {
                end = Math.min(text.length(), i + between(1, most));
                send(text.substring(i, end)).pause(0, pause);
            }
            return this;
        }

        Plan pause(long least, long most) {
            steps.add(new Step.Wait(between((int) least, (int) most)));
            return this;
        }

        Plan answer() {
            return read(1, ANSWER_MILLIS);
        }

        Plan read(long bytes, long millis) {
            steps.add(new Step.Read(bytes, millis));
            return this;
        }

        Plan halfClose() {
            steps.add(new Step.HalfClose());
            return this;
        }

        Plan reset() {
            steps.add(new Step.Reset());
            return this;
        }

        /** Closes or resets. */
        Plan leave() {
            return RANDOM.nextBoolean() ? this : reset();
        }
    }

    /** One connection on its way through a plan. */
    private static final class Visit {
        private final Attack attack;
        private final Plan plan;
        private final SocketChannel channel;
        private ByteBuffer unsent;
        private long heard;
        private long dueMillis;
        private boolean ended;

        Visit(Attack attack, Plan plan, SocketChannel channel) {
            this.attack = attack;
            this.plan = plan;
            this.channel = channel;
        }
    }

    /** Something to do at a time. */
    private record Due(long millis, Visit visit, Attack next) {}

    /** How long a connection may take to open, and a peer to take what it is sent. */
    private static final int PATIENCE_MILLIS = 15_000;

    /** How long an answer is waited for. */
    private static final int ANSWER_MILLIS = 5000;

    private final InetSocketAddress front;
    private final InetSocketAddress admin;
    private final Selector selector = Selector.open();
    private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparingLong(Due::millis));
    private final ByteBuffer buffer = ByteBuffer.allocate(65536);
    private final Map<String, Map<String, Integer>> results = new TreeMap<>();
    private final Set<String> wrong = new HashSet<>();
    private int visits;
    private volatile boolean stopped;

    private RudeClients(int front, int admin) throws IOException {
        this.front = new InetSocketAddress("127.0.0.1", front);
        this.admin = new InetSocketAddress("127.0.0.1", admin);
    }

    public static void main(String[] args) throws IOException {
        RudeClients clients = new RudeClients(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> clients.stop(main)));
        clients.run(System.currentTimeMillis() + 1000 * Long.parseLong(args[2]));
        clients.results.forEach((attack, counts) -> System.out.println(attack + ": " + counts));
        clients.wrong.forEach(text -> System.out.println("WRONG: " + text));
    }

    /** Lets the results be printed when the process is told to end. */
    private void stop(Thread main) {
        stopped = true;
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Attack> attacks() {
        List<Attack> all = new ArrayList<>();
        all.add(new Attack("uploads never finished", 24, 100, false, plan -> plan.send(request(
                                "POST", oneOf("/sink?mark=@", "/marked/none?mark=@", "/marked/upload?mark=@", bait()))
                        + (chance(3) ? "Expect: 100-continue\r\n" : "")
                        + (chance(2) ? "Content-Length: 50000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\nc350\r\n")
                        + "x".repeat(between(0, 49_999)))
                .read(1, between(0, 200))
                .pause(10, 12_000)
                .leave()));
        all.add(new Attack("uploads with a late last byte", 12, 100, false, plan -> plan.send(
                        request("POST", oneOf("/sink?mark=@", "/marked/upload?mark=@")) + "Content-Length: 5000\r\n\r\n"
                                + "x".repeat(4999))
                .pause(1200, 6500)
                .send("x")
                .answer()));
        all.add(new Attack("broken chunks", 4, 150, false, plan -> plan.send(
                        request("POST", anywhere()) + "Transfer-Encoding: chunked\r\n\r\n")
                .send(chance(2) ? "3\r\nabc\r\n" : "")
                .pause(0, 20)
                .send(oneOf(BROKEN_CHUNKS))
                .answer()
                .leave()));
        all.add(new Attack("heads too long", 4, 200, false, plan -> plan.pieces(
                        oneOf(
                                request("GET", "/" + "u".repeat(between(16_384, 40_000))),
                                request("GET", "/") + "X: " + "h".repeat(between(16_384, 40_000)),
                                request("GET", "/") + "A: b\r\n".repeat(4000)),
                        20_000,
                        5)
                .answer()
                .leave()));
        all.add(new Attack("unfinished heads of 15.9 KB", 300, 1000, false, plan -> plan.send(
                        request("GET", "/") + "X: " + "h".repeat(16_250))
                .pause(1000, 30_000)
                .leave()));
        all.add(new Attack("dripping heads", 20, 500, false, plan -> plan.pieces(SMALL, 8, 1500)
                .answer()));
        all.add(new Attack("slow readers", 16, 200, false, plan -> {
            plan.send(request("GET", "/marked/1048576?mark=@") + oneOf("\r\n", "Connection: close\r\n\r\n"));
            for (int i = between(1, 60); i > 0; i--) {
                plan.pause(50, 200).read(between(1000, 16_000), 1000);
            }
            if (chance(4)) {
                plan.halfClose().read(2_000_000, 5000);
            } else {
                plan.pause(0, 12_000);
            }
            plan.leave();
        }));
        all.add(new Attack("pipelining behind unfinished uploads", 6, 200, false, plan -> plan.send(
                        request("POST", oneOf("/sink?mark=@", "/marked/none?mark=@", "/marked/upload?mark=@"))
                                + "Content-Length: 5000\r\n\r\n" + "x".repeat(4999))
                .read(1, between(0, 500))
                .pause(0, 2000)
                .send("x" + SMALL + LARGE + SMALL)
                .read(1_200_000, 3000)
                .leave()));
        all.add(new Attack("half-closers", 8, 100, false, plan -> plan.send(oneOf(STAGES))
                .pause(0, 50)
                .halfClose()
                .read(2_000_000, 2000)
                .leave()));
        all.add(new Attack("resets", 8, 100, false, plan -> plan.send(oneOf(STAGES))
                .pause(0, 50)
                .read(between(0, 100_000), between(1, 50))
                .reset()));
        all.add(new Attack("empty lines", 4, 200, false, plan -> {
            for (int i = between(1, 4); i > 0; i--) {
                plan.send("\r\n".repeat(between(0, 3)) + LENGTH_9 + "123456789" + "\r\n".repeat(between(0, 2)))
                        .answer()
                        .pause(0, 500);
            }
            plan.send("\r\n".repeat(between(0, 3))).pause(0, 3000).leave();
        }));
        all.add(new Attack("pipelining behind unfinished answers", 8, 200, false, plan -> {
            plan.send(oneOf(LARGE, SMALL, request("GET", "/rude/@") + "\r\n"));
            for (int i = between(1, 40); i > 0; i--) {
                plan.send(request("GET", anywhere()) + "X: " + "p".repeat(between(0, 900)) + "\r\n\r\n");
            }
            plan.pause(0, 3000).read(between(0, 1_500_000), 3000).pause(0, 3000).leave();
        }));
        all.add(new Attack("requests hidden in content, behind the answer", 6, 100, false, plan -> {
            String body = HIDDEN.repeat(between(1, 3));
            int first = between(0, 1);
            plan.send(request("POST", bait()) + "Content-Length: " + body.length() + "\r\n\r\n")
                    .send(body.substring(0, first))
                    .answer()
                    .pause(0, 200)
                    .send(body.substring(first))
                    .pause(0, 200)
                    .leave();
        }));
        all.add(new Attack("requests hidden in content, with the head", 6, 100, false, plan -> plan.send(
                        request(oneOf("POST", "PUT", "OPTIONS", "BREW", "DELETE", "GET", "HEAD"), bait())
                                + framed(HIDDEN.repeat(between(1, 3))))
                .answer()
                .pause(0, 200)
                .leave()));
        all.add(new Attack("content where none belongs", 4, 150, false, plan -> plan.send(request(
                                oneOf("OPTIONS", "BREW", "DELETE", "GET", "HEAD", "TRACE", "PROPFIND"),
                                "/marked/128?mark=@")
                        + framed(SMALL.replace("@", "hidden")))
                .answer()
                .leave()));
        all.add(new Attack("chunked uploads in pieces", 8, 100, false, plan -> plan.pieces(
                        request("POST", anywhere()) + "Transfer-Encoding: chunked\r\n\r\n"
                                + "5\r\nhello\r\n".repeat(between(1, 9))
                                + "00a;name=\"v\"\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
                        9,
                        20)
                .answer()
                .leave()));
        all.add(new Attack("idle connections", 300, 1000, false, plan -> plan.send(oneOf("", SMALL))
                .read(1, between(0, 200))
                .pause(5000, 60_000)
                .leave()));
        all.add(new Attack("forged fields and previews", 4, 150, false, plan -> plan.send(request("GET", anywhere())
                        + oneOf(
                                "X-Turnout-Slot: green\r\n",
                                "X-Turnout-Slot: blue\r\n",
                                "X-Turnout-Slot: red\r\n",
                                "Cookie: turnout_slot=green\r\n")
                        + "X-Forwarded-For: 10.0.0.1\r\nX_Forwarded_For: 10.0.0.1\r\n"
                        + "Forwarded: for=10.0.0.1\r\nX-Real-IP: 10.0.0.1\r\n"
                        + "Connection: Host, X-Forwarded-For, Content-Length\r\nTE: trailers\r\nUser-Agent: "
                        + "\u009b".repeat(9) + "\r\n\r\n")
                .answer()
                .leave()));
        all.add(new Attack("refused framing", 4, 150, false, plan -> plan.send(request("POST", anywhere())
                        + oneOf(
                                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                                "Content-Length: 5\r\nContent-Length: 5\r\n",
                                "Content-Length: +5\r\n",
                                "Transfer-Encoding: gzip\r\n",
                                "Host: y\r\n",
                                " folded: 1\r\n",
                                "Bad : 1\r\n",
                                "X: \0\r\n")
                        + "\r\n0\r\n\r\n" + HIDDEN)
                .answer()
                .leave()));
        all.add(new Attack("old clients", 4, 150, false, plan -> plan.send("GET " + anywhere()
                        + oneOf(
                                " HTTP/1.0\r\n\r\n",
                                " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                                " HTTP/2.0\r\nHost: x\r\n\r\n"))
                .answer()
                .leave()));
        all.add(new Attack("upgrades that nobody takes", 4, 200, false, plan -> plan.send(request("GET", anywhere())
                        + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                        + (chance(2) ? "\r\n" : framed("no request")))
                .answer()
                .send("\u0081\u0005hello")
                .pause(0, 500)
                .leave()));
        all.add(new Attack("admin connections without a call", 40, 500, true, plan -> plan.send(oneOf(
                        "",
                        "GET /admin/sta",
                        request("GET", "/admin/status"),
                        request("POST", "/admin/switch") + "Content-Length: 9\r\n\r\n123"))
                .pause(1000, 40_000)
                .leave()));
        return all;
    }

    /** Returns a head without its end. */
    private static String request(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
    }

    private static String anywhere() {
        return oneOf("/sink?mark=@", "/marked/128?mark=@", "/marked/65536?mark=@", "/marked/none?mark=@", bait());
    }

    private static String bait() {
        return "/rude/@" + (chance(2) ? "" : "/as/" + oneOf(MANNERS));
    }

    private static String framed(String body) {
        if (chance(2)) {
            return "Content-Length: " + body.length() + "\r\n\r\n" + body;
        }
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
        return "Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n";
    }

    private static boolean chance(int oneOf) {
        return RANDOM.nextInt(oneOf) == 0;
    }

    private static int between(int least, int most) {
        return least + RANDOM.nextInt(most - least + 1);
    }

    private static String oneOf(String... texts) {
        return texts[RANDOM.nextInt(texts.length)];
    }

    private void run(long endMillis) throws IOException {
        List<Attack> attacks = attacks();
        long now = System.currentTimeMillis();
        for (Attack attack : attacks) {
            results.put(attack.name(), new TreeMap<>());
            for (int i = 0; i < attack.connections(); i++) {
                // Spread, so that they do not go in step.
                dues.add(new Due(now + between(0, 5000), null, attack));
            }
        }
        for (; now < endMillis && !stopped; now = System.currentTimeMillis()) {
            Due due = dues.peek();
            selector.select(this::ready, Math.max(1, Math.min(due == null ? 1000 : due.millis() - now, 1000)));
            now = System.currentTimeMillis();
            while ((due = dues.peek()) != null && due.millis() <= now) {
                dues.poll();
                if (due.visit() == null) {
                    begin(due.next());
                } else if (!due.visit().ended && due.visit().dueMillis == due.millis()) {
                    timeOver(due.visit());
                }
            }
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
    }

    private void begin(Attack attack) {
        // All of one length, so that none is the beginning of another.
        String mark = "rc" + (1_000_000_000 + ++visits);
        Plan plan = new Plan(mark);
        attack.plan().accept(plan);
        try {
            SocketChannel channel = SocketChannel.open();
            Visit visit = new Visit(attack, plan, channel);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (attack.name().startsWith("slow")) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 8192);
            }
            channel.register(selector, SelectionKey.OP_CONNECT, visit);
            await(visit, PATIENCE_MILLIS);
            channel.connect(attack.admin() ? admin : front);
        } catch (IOException e) {
            count(attack, "not begun");
            dues.add(new Due(System.currentTimeMillis() + 1000, null, attack));
        }
    }

    private void ready(SelectionKey key) {
        Visit visit = (Visit) key.attachment();
        try {
            if (key.isConnectable()) {
                visit.channel.finishConnect();
                advance(visit);
            } else if (key.isWritable()) {
                visit.channel.write(visit.unsent);
                if (!visit.unsent.hasRemaining()) {
                    advance(visit);
                }
            } else if (key.isReadable() && hasHeard(visit)) {
                visit.plan.steps.poll();
                advance(visit);
            }
        } catch (IOException e) {
            end(visit, "cut off");
        }
    }

    /** Goes on until a step has to wait for something. A step that reads stays at the head until it is done. */
    private void advance(Visit visit) throws IOException {
        SelectionKey key = visit.channel.keyFor(selector);
        while (true) {
            Step step = visit.plan.steps.peek();
            if (step == null) {
                end(visit, null);
                return;
            } else if (step instanceof Step.Read read) {
                key.interestOps(SelectionKey.OP_READ);
                visit.heard = 0;
                await(visit, read.millis());
                return;
            }
            visit.plan.steps.poll();
            if (step instanceof Step.Send send) {
                visit.unsent = ByteBuffer.wrap(send.bytes());
                visit.channel.write(visit.unsent);
                if (visit.unsent.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_WRITE);
                    await(visit, PATIENCE_MILLIS);
                    return;
                }
            } else if (step instanceof Step.Wait wait) {
                key.interestOps(0);
                await(visit, wait.millis());
                return;
            } else if (step instanceof Step.HalfClose) {
                visit.channel.shutdownOutput();
            } else if (step instanceof Step.Reset) {
                visit.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        }
    }

    private void timeOver(Visit visit) {
        int ops = visit.channel.keyFor(selector).interestOps();
        try {
            if ((ops & (SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE)) != 0) {
                end(visit, "not taken");
                return;
            }
            if (ops == SelectionKey.OP_READ) {
                Step.Read read = (Step.Read) visit.plan.steps.poll();
                if (visit.heard == 0 && read.millis() >= ANSWER_MILLIS) {
                    count(visit.attack, "no answer");
                }
            }
            advance(visit);
        } catch (IOException e) {
            end(visit, "cut off");
        }
    }

    /** Reads what has come. Returns true if it is enough. */
    private boolean hasHeard(Visit visit) throws IOException {
        buffer.clear();
        Step.Read read = (Step.Read) visit.plan.steps.peek();
        buffer.limit((int) Math.max(1024, Math.min(buffer.capacity(), read.bytes() - visit.heard)));
        int length = visit.channel.read(buffer);
        if (length < 0) {
            return true;
        }
        check(visit, new String(buffer.array(), 0, length, StandardCharsets.ISO_8859_1));
        visit.heard += length;
        return visit.heard >= read.bytes();
    }

    /** Counts the answers by their status, and notes what this client has not asked for. */
    private void check(Visit visit, String text) {
        for (int at = text.indexOf("HTTP/1.1 "); at >= 0; at = text.indexOf("HTTP/1.1 ", at + 9)) {
            String status = text.substring(at + 9, Math.min(at + 12, text.length()));
            if (status.matches("[1-5][0-9][0-9]")) {
                count(visit.attack, status);
            }
        }
        for (int at = text.indexOf("X-Mark: "); at >= 0; at = text.indexOf("X-Mark: ", at + 8)) {
            int end = text.indexOf('\r', at);
            if (end > 0 && !text.substring(at + 8, end).equals(visit.plan.mark)) {
                note(visit, text.substring(at, end));
            }
        }
        for (int at = text.indexOf("ok /rude/"); at >= 0; at = text.indexOf("ok /rude/", at + 9)) {
            int end = at + 9 + visit.plan.mark.length();
            if (end <= text.length() && !text.substring(at + 9, end).equals(visit.plan.mark)) {
                note(visit, text.substring(at, end));
            }
        }
        if (text.contains("stolen") || text.contains("forged")) {
            note(visit, text);
        }
    }

    private void note(Visit visit, String text) {
        if (wrong.size() < 20) {
            wrong.add(visit.attack.name() + ": " + visit.plan.mark + " got " + text.replaceAll("[^ -~]", "."));
        }
    }

    private void await(Visit visit, long millis) {
        visit.dueMillis = System.currentTimeMillis() + millis;
        dues.add(new Due(visit.dueMillis, visit, null));
    }

    /** @param how what went wrong, or null */
    private void end(Visit visit, String how) {
        visit.ended = true;
        count(visit.attack, how == null ? "ended" : how);
        try {
            visit.channel.close();
        } catch (IOException e) {
            count(visit.attack, "not closed");
        }
        dues.add(new Due(System.currentTimeMillis() + visit.attack.pauseMillis(), null, visit.attack));
    }

    private void count(Attack attack, String what) {
        results.get(attack.name()).merge(what, 1, Integer::sum);
    }
}
