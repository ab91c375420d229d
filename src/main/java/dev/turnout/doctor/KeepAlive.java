package dev.turnout.doctor;

import dev.turnout.config.Deadline;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** How a target treats a connection that is idle behind a response. */
sealed interface KeepAlive {

    /** The target accepted no connection, or sent no response. */
    record NotMeasured(Phrase reason) implements KeepAlive {}

    /** The target says that it closes each connection, and so Turnout does not use it again. */
    record Announced() implements KeepAlive {}

    /** The connection was closed after this time without a word. */
    record Closed(Duration after) implements KeepAlive {}

    /** The connection was open for as long as it was watched. */
    record Open() implements KeepAlive {}

    /** The target answers HTTP/1.1 in HTTP/2. */
    record SpeaksHttp2() implements KeepAlive {}

    NotMeasured NO_RESPONSE = new NotMeasured(new Phrase("it sends no response", "응답이 없습니다"));

    /** The part of a response that is kept. */
    int MOST_HEAD = 16 << 10;

    /**
     * Sends one request and watches the connection. Blocks for as long as the connection is watched at most, and for the
     * patience before.
     *
     * @param asked a target that is spoken to in HTTP/1.1
     * @param patience for the connection and for the response
     * @param watch how long an idle connection is watched
     */
    static KeepAlive measure(AskedTarget asked, Duration patience, Duration watch) {
        try (TimedConnection connection = asked.open(patience)) {
            connection.write(asked.firstWords());
            return watched(connection, patience, watch);
        } catch (ConnectException e) {
            return new NotMeasured(new Phrase("nothing accepts connections there", "그곳에서 연결을 받는 프로그램이 없습니다"));
        } catch (SSLException e) {
            return new NotMeasured(new Phrase("the TLS handshake fails", "TLS 핸드셰이크가 실패합니다"));
        } catch (IOException e) {
            String reason = VisibleText.of(String.valueOf(e.getMessage()), VisibleText.SHORT);
            return new NotMeasured(new Phrase(reason, reason));
        }
    }

    private static KeepAlive watched(TimedConnection connection, Duration patience, Duration watch) throws IOException {
        byte[] some = new byte[4096];
        StringBuilder head = new StringBuilder();
        long lastByte = System.nanoTime();
        Deadline deadline = Deadline.after(patience);
        try {
            while (true) {
                int count = connection.read(some, deadline.leftMillis());
                if (count < 0) {
                    return ended(head.toString(), Duration.ofNanos(System.nanoTime() - lastByte));
                }
                // A body without an end is no idle connection.
                if (head.length() >= MOST_HEAD) {
                    return new NotMeasured(new Phrase("its response is too long", "응답이 너무 깁니다"));
                }
                if (head.isEmpty() && Http2Greeting.isOfServer(some, count)) {
                    return new SpeaksHttp2();
                }
                head.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
                lastByte = System.nanoTime();
                deadline = Deadline.after(watch);
            }
        } catch (SocketTimeoutException e) {
            return head.isEmpty() ? NO_RESPONSE : new Open();
        } catch (IOException e) {
            long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastByte);
            return head.isEmpty() ? NO_RESPONSE : ended(head.toString(), Duration.ofMillis(spent));
        }
    }

    private static KeepAlive ended(String head, Duration after) {
        if (head.isEmpty()) {
            return NO_RESPONSE;
        }
        int end = head.indexOf("\r\n\r\n");
        String fields = head.substring(0, Math.max(0, end)).toLowerCase(Locale.ROOT);
        boolean isAnnounced = fields.contains("\nconnection: close")
                || fields.contains("\nkeep-alive: ") && fields.contains("timeout=")
                || fields.startsWith("http/1.0");
        return isAnnounced ? new Announced() : new Closed(after);
    }
}
