package dev.turnout.admin;

import dev.turnout.log.RefusedCalls;
import dev.turnout.routing.VisibleText;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpUtils;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The checks of every call before a route gets the call. Their order: the Host, the {@link Guard}, the spelling of the
 * target, what the front port may ask for, Expect, and the body. The body has to be empty, but for the calls of
 * {@link CallBody}. Event loop only.
 */
@Singleton
final class Door {

    /** The number of bytes of a body that are read, so that the connection can go on after the refusal. */
    private static final int BODY_BYTES = 64 * 1024;

    /** The number of characters of a path that are logged. */
    private static final int LOGGED_CHARACTERS = 120;

    private static final String API = "/admin";
    private static final String TRANSFER_ENCODING = "Transfer-Encoding";
    private static final String CONTENT_LENGTH = "Content-Length";

    /** RFC 3986, section 2.1: two hexadecimal digits stand behind a percent sign. */
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Guard guard;
    private final Dashboard dashboard;
    private final RefusedCalls refusedCalls;

    Door(Guard guard, Dashboard dashboard, RefusedCalls refusedCalls) {
        this.guard = guard;
        this.dashboard = dashboard;
        this.refusedCalls = refusedCalls;
    }

    /** Called with bytes that the codec could not read as a call. No token can be checked here. */
    void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        refuse(request, Problems.status(status(cause)), true);
    }

    private static int status(Throwable cause) {
        if (cause instanceof UnsupportedVersion) {
            return 505;
        }
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    /** Called with each call once its head has arrived. */
    void open(HttpServerRequest request) {
        AdminConnection connection = AdminConnection.of(request);
        if (connection == null) {
            return;
        }
        boolean isBodyAnnounced = announcedLength(request) != 0;
        if (!((HttpServerRequestInternal) request).isValidAuthority()) {
            refuse(request, Problems.status(400), isBodyAnnounced);
            return;
        }
        String path = path(request);
        guard.forgetMadeUpMark(request);
        Optional<Problem> refusal = guard.refusal(request, path);
        if (refusal.isPresent()) {
            log(request, refusal.get());
            refuse(request, refusal.get(), isBodyAnnounced);
            return;
        }
        connection.passed();
        refusal = misspelt(request).or(() -> beyondFront(request, path)).or(() -> expectation(request));
        if (refusal.isPresent()) {
            refuse(request, refusal.get(), isBodyAnnounced);
        } else if (isBodyAnnounced) {
            read(request, connection);
        } else {
            carryOut(request, connection, Buffer.buffer());
        }
    }

    /** Logs a refusal of the guard. The query of the call may hold a secret, and is left out. */
    private void log(HttpServerRequest request, Problem refusal) {
        String path = VisibleText.of(String.valueOf(request.path()), LOGGED_CHARACTERS);
        refusedCalls.refused(Caller.address(request), request.method() + " " + path, refusal.status(), refusal.word());
    }

    /** Called with each call on the port for the front. Whoever else calls there is not answered. */
    void openFromFront(HttpServerRequest request) {
        if (guard.isFromFront(request)) {
            open(request);
        } else {
            request.connection().close();
        }
    }

    /** Returns the path as the routes compare it; empty if the path cannot be read. */
    private static String path(HttpServerRequest request) {
        try {
            return HttpUtils.normalizePath(request.path());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Optional<Problem> misspelt(HttpServerRequest request) {
        if (request.path() == null || !request.path().startsWith("/")) {
            return Optional.of(Problems.status(400));
        }
        if (BAD_ESCAPE.matcher(request.uri()).find()) {
            return Optional.of(Problem.of(
                    "bad-request",
                    400,
                    "The call can't be understood",
                    "Nothing was done: behind a percent sign of the URL stand no two hexadecimal digits."));
        }
        return Optional.empty();
    }

    /** Returns a refusal if a call from the front port asks for anything but the admin API. */
    private Optional<Problem> beyondFront(HttpServerRequest request, String path) {
        boolean isApi = path.equals(API) || path.startsWith(API + "/");
        return guard.isFromFront(request) && !isApi ? Optional.of(Problems.status(404)) : Optional.empty();
    }

    /** Returns a refusal of any expectation but 100-continue (RFC 9110, section 10.1.1). */
    private static Optional<Problem> expectation(HttpServerRequest request) {
        String expected = request.getHeader("Expect");
        return expected == null || expected.equalsIgnoreCase("100-continue")
                ? Optional.empty()
                : Optional.of(Problems.status(417));
    }

    // --- Bodies ----------------------------------------------------------------------------------------------------

    /** Returns the length of the body that a head announces: 0 for no body, -1 for an unknown length. Bytes. */
    private static long announcedLength(HttpServerRequest request) {
        if (request.headers().contains(TRANSFER_ENCODING)) {
            return -1;
        }
        String length = request.getHeader(CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Reads a body to its end, and carries the call out only if the body is empty, or the call takes one. */
    private void read(HttpServerRequest request, AdminConnection connection) {
        long announced = announcedLength(request);
        if (announced < 0 && !"chunked".equalsIgnoreCase(request.getHeader(TRANSFER_ENCODING))) {
            refuse(request, Problems.status(400), true);
            return;
        }
        if (announced > BODY_BYTES) {
            refuse(request, Problems.status(413), true);
            return;
        }
        if (request.headers().contains("Expect")) {
            if (announced > 0 && !takesBody(request)) {
                refuse(request, Problems.body(), true);
                return;
            }
            if (request.version() == HttpVersion.HTTP_1_1) {
                request.response().writeContinue();
            }
        }
        new BodyReader(request).begin(connection);
    }

    private final class BodyReader {

        private final HttpServerRequest request;
        private final Buffer body = Buffer.buffer();

        BodyReader(HttpServerRequest request) {
            this.request = request;
        }

        void begin(AdminConnection connection) {
            connection.whenUnfinished(status -> refuse(request, Problems.status(status), true));
            request.handler(piece -> {
                if (body.length() + piece.length() > BODY_BYTES) {
                    refuse(request, Problems.status(413), true);
                } else {
                    body.appendBuffer(piece);
                }
            });
            request.endHandler(end -> {
                if (body.length() > 0 && !takesBody(request)) {
                    refuse(request, Problems.body(), false);
                } else {
                    // The routes would wait for a body that these announce.
                    request.headers().remove(TRANSFER_ENCODING).remove(CONTENT_LENGTH);
                    carryOut(request, connection, body);
                }
            });
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    private static boolean takesBody(HttpServerRequest request) {
        return CallBody.isTaken(request.method(), path(request));
    }

    private static void carryOut(HttpServerRequest request, AdminConnection connection, Buffer body) {
        connection.works(body);
        VertxHttpRecorder.getRootHandler().handle(request);
    }

    /**
     * Answers with a problem.
     *
     * @param close whether to close the connection after the answer, since more of the call may come
     */
    private void refuse(HttpServerRequest request, Problem problem, boolean close) {
        AdminConnection connection = AdminConnection.of(request);
        if (connection == null
                || request.response().ended()
                || request.response().closed()) {
            return;
        }
        if (close) {
            request.response().putHeader("Connection", "close");
            connection.closeAfterAnswer();
        }
        if (problem.status() == 401 && Dashboard.isAsked(request, path(request))) {
            problem.headers().forEach(request.response()::putHeader);
            dashboard.send(request, problem.status());
        } else {
            Answers.problem(request, problem);
        }
    }
}
