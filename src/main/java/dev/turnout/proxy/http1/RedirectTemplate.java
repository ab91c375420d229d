package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a rule redirects to, with places for parts of the request. What stands in a place is not read again: a client
 * may write the name of a place into its request. Any thread.
 */
public final class RedirectTemplate {

    private static final Pattern PLACE = Pattern.compile("\\{(host|path|rest|query)}");

    private enum Place {
        HOST,
        PATH,
        REST,
        QUERY
    }

    /**
     * A piece of the template.
     *
     * @param text as it is
     * @param then what stands behind the text; empty behind the last text
     */
    private record Piece(String text, Optional<Place> then) {}

    private final List<Piece> pieces;
    private final String prefix;

    /**
     * @param text a path or a URL
     * @param prefix what the paths of the rule begin with, for what is behind it; empty if nothing is known
     */
    public RedirectTemplate(String text, String prefix) {
        this.pieces = pieces(text);
        this.prefix = prefix;
    }

    private static List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = PLACE.matcher(text);
        int from = 0;
        while (matcher.find()) {
            Place place = Place.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
            pieces.add(new Piece(text.substring(from, matcher.start()), Optional.of(place)));
            from = matcher.end();
        }
        pieces.add(new Piece(text.substring(from), Optional.empty()));
        return List.copyOf(pieces);
    }

    /** Returns the place for a request. A path of it never becomes the name of a host. */
    public String fill(RequestHead head, ClientInfo client) {
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            filled.append(piece.text());
            piece.then().ifPresent(place -> filled.append(value(place, head, client)));
        }
        String location = filled.toString();
        return location.startsWith("/") ? "/" + location.replaceFirst("^[/\\\\]+", "") : location;
    }

    private String value(Place place, RequestHead head, ClientInfo client) {
        int end = head.pathStart();
        while (end < head.targetEnd() && head.bytes()[end] != '?') {
            end++;
        }
        String path = text(head.bytes(), head.pathStart(), end);
        return switch (place) {
            case HOST -> {
                Span host = client.hostOf(head);
                yield text(host.bytes(), host.from(), host.to());
            }
            case PATH -> path.startsWith("/") ? path : "/";
            case REST -> {
                boolean isBehind = !prefix.isEmpty() && !prefix.equals("/") && head.pathIsWithin(prefix);
                yield isBehind ? path.substring(prefix.length()) : path;
            }
            case QUERY -> text(head.bytes(), end, head.targetEnd());
        };
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
