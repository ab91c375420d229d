package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which requests a rule is for, by their heads. What is empty is for every request. Any thread. */
public final class RuleMatch {

    private final byte[][] hosts;
    private final byte[][] methods;
    private final TextPattern[] paths;
    private final byte @Nullable [] header;
    private final TextPattern value;

    /**
     * @param hosts names in lower case; one that begins with a dot stands for all names that end so
     * @param methods in upper case
     * @param paths what paths begin with, or with an asterisk what they look like
     * @param header the name of a field; null for none
     * @param value what its value has to look like
     */
    public RuleMatch(
            List<String> hosts, List<String> methods, List<String> paths, @Nullable String header, String value) {
        this.hosts = hosts.stream().map(host -> host.getBytes(US_ASCII)).toArray(byte[][]::new);
        this.methods = methods.stream().map(method -> method.getBytes(US_ASCII)).toArray(byte[][]::new);
        this.paths = paths.stream().map(TextPattern::ofPath).toArray(TextPattern[]::new);
        this.header = header == null ? null : header.toLowerCase(Locale.ROOT).getBytes(US_ASCII);
        this.value = TextPattern.ofValue(value);
    }

    /** Returns true if the path has to be known. */
    public boolean readsPath() {
        return paths.length > 0;
    }

    /**
     * Returns true if the rule is for a request.
     *
     * @param path of the request; without meaning if no path has to be known
     */
    public boolean fits(RequestHead head, PlainPath path) {
        return fitsMethod(head) && fitsHost(head) && fitsPath(path) && fitsHeader(head);
    }

    private boolean fitsMethod(RequestHead head) {
        for (byte[] method : methods) {
            if (head.methodIs(method)) {
                return true;
            }
        }
        return methods.length == 0;
    }

    private boolean fitsPath(PlainPath path) {
        for (TextPattern pattern : paths) {
            if (path.fits(pattern)) {
                return true;
            }
        }
        return paths.length == 0;
    }

    private boolean fitsHost(RequestHead head) {
        if (hosts.length == 0 || head.hostStart() < 0) {
            return hosts.length == 0;
        }
        int from = head.hostStart();
        int to = head.hostNameEnd();
        if (to > from && head.bytes()[to - 1] == '.') {
            to--;
        }
        for (byte[] host : hosts) {
            int start = host[0] == '.' ? to - host.length : from;
            boolean isLongEnough = host[0] != '.' || start > from;
            if (isLongEnough && Octets.equalsIgnoreCase(head.bytes(), start, to, host)) {
                return true;
            }
        }
        return false;
    }

    private boolean fitsHeader(RequestHead head) {
        if (header == null) {
            return true;
        }
        FieldLines fields = head.fields();
        for (int line = 0; line < fields.size(); line++) {
            if (Octets.equalsIgnoreCase(head.bytes(), fields.lineStart(line), fields.nameEnd(line), header)
                    && value.matches(head.bytes(), fields.valueStart(line), fields.valueEnd(line))) {
                return true;
            }
        }
        return false;
    }
}
