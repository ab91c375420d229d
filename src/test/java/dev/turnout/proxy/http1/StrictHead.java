package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.support.wire.BrokenMessage;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Field;
import dev.turnout.support.wire.Fields;
import dev.turnout.support.wire.HttpReader;
import dev.turnout.support.wire.ReceivedHead;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A head as a second reader understands it, by regular expressions from RFC 9110 and 9112 and the rules of the
 * contract; it shares nothing with the scanners.
 *
 * @param start the request line or status line, without its line end
 * @param length of the whole head in bytes, empty lines before it included
 */
record StrictHead(String start, Fields fields, int length) {

    static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection", "te", "upgrade");
    static final Set<String> ADDED = Set.of(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "forwarded",
            "x-request-id",
            "x-turnout-front",
            "x-turnout-slot");
    static final Set<String> KEPT = Set.of("host", "content-length", "transfer-encoding");

    private static final String HOST = "(?:\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9\\-._~%!$&'()*+;=]+)(?::[0-9]*)?";
    private static final String PATH_AND_QUERY = "[!-~&&[^#]]*";
    static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ("
            + "(?<path>/" + PATH_AND_QUERY + ")"
            + "|(?<asterisk>\\*)"
            + "|(?i:https?)://(?<authority>" + HOST + ")(?<rest>(?:[/?]" + PATH_AND_QUERY + ")?)"
            + ") HTTP/1\\.(?<minor>[01])");
    static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.(?<minor>[01]) (?<status>[1-5][0-9][0-9])(?: (?<reason>[\\t -~\\x80-\\xff]*))?");

    /** What a reading comes to. */
    sealed interface Reading {}

    record Whole(StrictHead head) implements Reading {}

    /** The bytes end before the head does. */
    record Cut() implements Reading {}

    record Broken(String why) implements Reading {}

    static Reading request(byte[] bytes) {
        int start = 0;
        while (start + 1 < bytes.length && bytes[start] == '\r' && bytes[start + 1] == '\n') {
            start += 2;
        }
        Reading reading = read(bytes, start, 0);
        return reading instanceof Whole whole && whole.head.requestFault().isPresent()
                ? new Broken(whole.head.requestFault().get())
                : reading;
    }

    /** Reads the fields behind a status line as if they were a request's. */
    static Reading response(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        int lineEnd = text.indexOf("\r\n");
        Matcher line = STATUS_LINE.matcher(lineEnd < 0 ? text : text.substring(0, lineEnd));
        if (lineEnd < 0) {
            return new Cut();
        }
        if (!line.matches()) {
            return new Broken("not a status line");
        }
        byte[] asRequest = ("GET / HTTP/1.1" + text.substring(lineEnd)).getBytes(ISO_8859_1);
        Reading reading = read(asRequest, 0, lineEnd - "GET / HTTP/1.1".length());
        if (!(reading instanceof Whole whole)) {
            return reading;
        }
        StrictHead head = new StrictHead(line.group(), whole.head.fields, whole.head.length);
        Optional<String> fault = head.framingFault(line.group("minor").equals("0"));
        return fault.isPresent() ? new Broken(fault.get()) : new Whole(head);
    }

    private static Reading read(byte[] bytes, int from, int lengthMore) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, from, bytes.length - from);
        try {
            Optional<ReceivedHead> head = new HttpReader(in).requestHead();
            if (head.isEmpty()) {
                return new Cut();
            }
            String line = head.get().method() + " " + head.get().target() + " "
                    + head.get().version();
            return new Whole(new StrictHead(line, head.get().fields(), bytes.length - in.available() + lengthMore));
        } catch (CutShort e) {
            return new Cut();
        } catch (BrokenMessage e) {
            return new Broken(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> requestFault() {
        Matcher line = REQUEST_LINE.matcher(start);
        if (!line.matches()) {
            return Optional.of("not a request line: " + start);
        }
        boolean http10 = line.group("minor").equals("0");
        List<String> hosts = fields.all("Host");
        if (line.group(1).equalsIgnoreCase("CONNECT")) {
            return Optional.of("CONNECT");
        }
        if (line.group("asterisk") != null && !line.group(1).equals("OPTIONS")) {
            return Optional.of("asterisk-form");
        }
        if (hosts.size() > 1 || hosts.isEmpty() && !http10) {
            return Optional.of("Hosts: " + hosts);
        }
        if (!hosts.isEmpty() && !hosts.get(0).matches(HOST)) {
            return Optional.of("Host: " + hosts);
        }
        return framingFault(http10);
    }

    private Optional<String> framingFault(boolean http10) {
        List<String> lengths = fields.all("Content-Length");
        List<String> codings = fields.all("Transfer-Encoding");
        if (lengths.size() + codings.size() > 1) {
            return Optional.of("more than one framing");
        }
        if (!lengths.isEmpty() && !lengths.get(0).matches("[0-9]{1,18}")) {
            return Optional.of("Content-Length: " + lengths);
        }
        if (!codings.isEmpty() && (http10 || !codings.get(0).equalsIgnoreCase("chunked"))) {
            return Optional.of("Transfer-Encoding: " + codings);
        }
        return namedByConnection().size() > 32 ? Optional.of("Connection names too much") : Optional.empty();
    }

    /** The names, in lower case, of what Connection takes out. */
    List<String> namedByConnection() {
        return fields.all("Connection").stream()
                .flatMap(value -> Arrays.stream(value.split("[^!#$%&'*+\\-.^_`|~0-9A-Za-z]+")))
                .map(option -> option.toLowerCase(Locale.ROOT))
                .filter(option -> !option.isEmpty() && !option.equals("close"))
                .filter(option -> !HOP_BY_HOP.contains(option) && !KEPT.contains(option) && !ADDED.contains(option))
                .toList();
    }

    /** The lines that do not end at this hop. */
    List<Field> endToEnd() {
        List<String> named = namedByConnection();
        return fields.lines().stream()
                .filter(field -> {
                    String name = field.name().toLowerCase(Locale.ROOT);
                    return !HOP_BY_HOP.contains(name) && !named.contains(name);
                })
                .toList();
    }

    Matcher requestLine() {
        Matcher line = REQUEST_LINE.matcher(start);
        line.matches();
        return line;
    }

    Matcher statusLine() {
        Matcher line = STATUS_LINE.matcher(start);
        line.matches();
        return line;
    }
}
