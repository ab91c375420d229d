package dev.turnout.routing;

/**
 * A host and a port, in the form of URLs and {@code Host} fields: an IPv6 address stands in brackets (RFC 3986, section
 * 3.2.2).
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {

    private static final int MOST_DIGITS = 5;

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}. The host is not checked.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + text + "' is not host:port");
        }
        String written = text.substring(0, colon);
        String host = withoutBrackets(written);
        if (host.equals(written) && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is not host:port; an IPv6 address stands in brackets");
        }
        String digits = text.substring(colon + 1);
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("'" + text + "' is not host:port: '" + digits + "' is not a port");
        }
        return new HostPort(host, Integer.parseInt(digits));
    }

    /** Reads the same forms, and those without a port. */
    public static HostPort parse(String text, int defaultPort) {
        boolean hasPort = text.startsWith("[") ? !text.endsWith("]") : text.indexOf(':') >= 0;
        return parse(hasPort ? text : text + ":" + defaultPort);
    }

    /** Returns a host without the brackets of an IPv6 address. */
    public static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Returns the form that {@link #parse(String)} reads. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
