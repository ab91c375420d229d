package dev.turnout.client;

import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Lost;
import dev.turnout.client.AdminOutcome.NotTurnout;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminOutcome.Unauthorized;
import dev.turnout.client.AdminOutcome.Unreachable;
import dev.turnout.config.Deadline;
import dev.turnout.routing.VisibleText;
import dev.turnout.tls.CallerTls;
import dev.turnout.tls.TlsFailure;
import dev.turnout.tls.TlsFault;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client of the admin API. Any thread; calls block.
 *
 * <p>Each call has a connection of its own, and is sent at most once. Any program may answer at the address, so everything
 * that is read is bounded in bytes and time. A bare socket is used, since it is loaded in a tenth of the time that
 * {@code java.net.http} takes.
 */
public final class AdminClient {

    private static final String JSON = "application/json";
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int MOST_BODY = 8 << 20;
    private static final int MOST_EVENT = 4 << 20;

    /** Three beats of the event stream. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final Duration ENDLESS = Duration.ofDays(365);
    private static final String PROBLEM = "urn:turnout:problem:";

    private final URI address;
    private final Optional<String> token;
    private final Optional<CallerTls> tls;

    /**
     * Makes a client.
     *
     * @param address of the admin server, with {@code http} or {@code https}
     * @param token sent with each call, if there is one
     * @param tls whom to believe, of an address with {@code https}
     */
    public AdminClient(URI address, Optional<String> token, Optional<CallerTls> tls) {
        this.address = address;
        this.token = token;
        this.tls = tls;
    }

    /** Returns the address of the admin server. */
    public URI address() {
        return address;
    }

    /** Makes a call that is answered with JSON, see {@link #call(String, AdminPath, String, Duration)}. */
    public AdminOutcome call(String method, AdminPath path, Duration timeout) {
        return call(method, path, JSON, timeout);
    }

    /**
     * Makes a call. Never sends it twice.
     *
     * @param accept the media type that the answer has to have
     * @param timeout until the whole answer has arrived
     */
    public AdminOutcome call(String method, AdminPath path, String accept, Duration timeout) {
        return call(new Call(method, path, accept), timeout, false);
    }

    /** Makes a call with a body, which is answered with JSON. Never sends it twice. */
    public AdminOutcome callWith(String body, String method, AdminPath path, Duration timeout) {
        return call(new Call(method, path, JSON, OptionalLong.empty(), body), timeout, false);
    }

    /**
     * Makes a change that is refused if the service's revision is another one by now. Never sends it twice.
     *
     * @param revision the revision that the service has to have
     */
    public AdminOutcome callAt(long revision, String method, AdminPath path, Duration timeout) {
        return call(new Call(method, path, JSON, OptionalLong.of(revision), ""), timeout, false);
    }

    /**
     * Asks Turnout whether it is alive. Whether its services have somebody who serves is another question.
     *
     * @return {@link Answered} with status 503 if it is not
     */
    public AdminOutcome health(Duration timeout) {
        return call(new Call("GET", AdminPath.of("q", "health", "live"), JSON), timeout, true);
    }

    /**
     * A call.
     *
     * @param accept the media type that the answer has to have
     * @param revision the revision that the service has to have; empty for any
     * @param body empty for none
     */
    private record Call(String method, AdminPath path, String accept, OptionalLong revision, String body) {

        Call(String method, AdminPath path, String accept) {
            this(method, path, accept, OptionalLong.empty(), "");
        }
    }

    private AdminOutcome call(Call call, Duration timeout, boolean mayBeDown) {
        String accept = call.accept();
        Deadline whole = Deadline.after(timeout);
        boolean isSent = false;
        try (Socket socket = connect()) {
            isSent = true;
            InputStream bytes = send(socket, call, whole, timeout);
            HttpReply reply = HttpReply.read(bytes);
            String body = body(reply);
            boolean isDown =
                    mayBeDown && reply.status() == 503 && reply.contentType().equals(accept);
            return isDown ? new Answered(503, accept, body) : outcome(reply, accept, body);
        } catch (NotHttp e) {
            return new NotTurnout(e.seen());
        } catch (IOException e) {
            return failed(e, isSent);
        }
    }

    private static AdminOutcome failed(IOException failure, boolean isSent) {
        if (failure instanceof SSLException tls) {
            TlsFault fault = TlsFailure.of(tls).map(TlsFailure::fault).orElse(TlsFault.OTHER);
            // With TLS 1.3 the server looks at the caller's certificate when the caller has sent its call already.
            if (!isSent || fault == TlsFault.CALLER_REFUSED) {
                return TlsFaultText.of(fault, tls);
            }
        }
        String reason = reason(failure);
        return isSent ? new Lost(reason) : new Unreachable(reason);
    }

    /**
     * Listens to a service's events until the listener has heard enough. Blocks.
     *
     * @return {@link Answered} if the listener ended it, {@link Lost} if the stream ended
     */
    public AdminOutcome events(String service, AdminEventListener listener) {
        String accept = "text/event-stream";
        AdminPath path = AdminPath.of("admin", "events").with("service", service);
        boolean isSent = false;
        try (Socket socket = connect()) {
            isSent = true;
            InputStream bytes = send(socket, new Call("GET", path, accept), Deadline.after(ENDLESS), SILENCE);
            HttpReply reply = HttpReply.read(bytes);
            if (reply.status() != 200 || !reply.contentType().equals(accept)) {
                return outcome(reply, accept, body(reply));
            }
            return hear(new ResponseLines(reply.body(), MOST_EVENT), listener)
                    ? new Answered(200, accept, "")
                    : new Lost("the stream of events ended");
        } catch (NotHttp e) {
            return new NotTurnout(e.seen());
        } catch (IOException e) {
            return failed(e, isSent);
        }
    }

    /** Returns true if the listener has heard enough, false if the stream ended before (WHATWG HTML, section 9.2.6). */
    private static boolean hear(ResponseLines lines, AdminEventListener listener) throws IOException {
        String kind = "";
        String data = "";
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.startsWith("event:")) {
                kind = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data = line.substring("data:".length()).strip();
            } else if (line.isEmpty() && !data.isEmpty()) {
                Optional<JsonObject> detail = JsonReader.object(data);
                if (detail.isPresent() && !listener.heard(kind, detail.get())) {
                    return true;
                }
                data = "";
            }
        }
        return false;
    }

    private Socket connect() throws IOException {
        int port = address.getPort() >= 0 ? address.getPort() : tls.isPresent() ? 443 : 80;
        String host = String.valueOf(address.getHost()).replaceAll("^\\[|]$", "");
        InetSocketAddress at = new InetSocketAddress(host, port);
        if (at.isUnresolved()) {
            throw new UnknownHostException("the name '" + host + "' has no address");
        }
        Socket socket = new Socket();
        try {
            socket.connect(at, (int) CONNECT.toMillis());
            if (tls.isEmpty()) {
                return socket;
            }
            socket.setSoTimeout((int) CONNECT.toMillis());
            return tls.get().secure(socket, host, port);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private InputStream send(Socket socket, Call call, Deadline whole, Duration silence) throws IOException {
        String prefix = address.getRawPath() == null ? "" : address.getRawPath().replaceFirst("/+$", "");
        int length = call.body().getBytes(StandardCharsets.UTF_8).length;
        String head = call.method() + " " + prefix + call.path() + " HTTP/1.1\r\nHost: " + address.getRawAuthority()
                + "\r\nUser-Agent: turnout\r\nAccept: " + call.accept() + "\r\n"
                + token.map(secret -> "Authorization: Bearer " + secret + "\r\n")
                        .orElse("")
                + (call.revision().isPresent()
                        ? "If-Match: \"" + call.revision().getAsLong() + "\"\r\n"
                        : "")
                + (call.method().equals("GET") ? "" : "Content-Length: " + length + "\r\n")
                + "Connection: close\r\n\r\n"
                + call.body();
        socket.setTcpNoDelay(true);
        write(socket, head.getBytes(StandardCharsets.UTF_8));
        return new BufferedInputStream(new TimedInput(socket, whole, silence));
    }

    /** A server that refuses the caller's certificate may have closed before all is written: its alert says why. */
    private static void write(Socket socket, byte[] head) throws IOException {
        try {
            socket.getOutputStream().write(head);
        } catch (SocketException e) {
            try {
                socket.getInputStream().read();
            } catch (SSLException alert) {
                alert.addSuppressed(e);
                throw alert;
            } catch (IOException noAlert) {
                e.addSuppressed(noAlert);
            }
            throw e;
        }
    }

    private static String body(HttpReply reply) throws IOException {
        byte[] bytes = reply.body().readNBytes(MOST_BODY + 1);
        if (bytes.length > MOST_BODY) {
            throw new NotHttp("an answer of more than " + (MOST_BODY >> 20) + " MiB");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.lines().map(VisibleText::of).collect(Collectors.joining("\n"));
    }

    private AdminOutcome outcome(HttpReply reply, String accept, String body) {
        boolean isProblem = reply.contentType().equals("application/problem+json");
        Optional<JsonObject> json = isProblem ? JsonReader.object(body) : Optional.empty();
        String type = json.map(problem -> text(problem.getValue("type"))).orElse("");
        if (type.startsWith(PROBLEM)) {
            String word = type.substring(PROBLEM.length());
            return word.equals("unauthorized")
                    ? new Unauthorized(token.isPresent())
                    : new Refused(reply.status(), word, json.orElseThrow(), body);
        }
        if (reply.status() < 300 && reply.contentType().equals(accept)) {
            return new Answered(reply.status(), reply.contentType(), body);
        }
        String what = reply.contentType().isEmpty() ? "" : " " + VisibleText.of(reply.contentType(), 60);
        String seen = "HTTP " + reply.status() + what;
        return isOfGateway(reply) ? new Lost(seen) : new NotTurnout(seen);
    }

    /** A gateway passes a call on, and may give up while Turnout does what it was asked to do (RFC 9110, section 15.6). */
    private static boolean isOfGateway(HttpReply reply) {
        return reply.status() == BAD_GATEWAY || reply.status() == GATEWAY_TIMEOUT;
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static String reason(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "no whole answer in time";
        }
        return VisibleText.of(String.valueOf(e.getMessage()), VisibleText.SHORT);
    }
}
