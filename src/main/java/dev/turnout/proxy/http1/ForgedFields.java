package dev.turnout.proxy.http1;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a request that a target must not get from its client, because an application may believe them.
 *
 * <p>Nobody may send a field whose name differs only in its separators from one that Turnout writes, reads or removes:
 * behind CGI both are one variable. An untrusted peer may not send what a proxy in front says of its clients.
 */
public final class ForgedFields {

    /** Fields that a recipient may merge into the head, where they steer or vouch (RFC 9110, section 6.5.1). */
    private static final List<String> NEVER_IN_A_TRAILER = List.of(
            "Authorization",
            "Cache-Control",
            "Content-Encoding",
            "Content-Range",
            "Content-Type",
            "Cookie",
            "Expect",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "If-Range",
            "If-Unmodified-Since",
            "Max-Forwards",
            "Origin",
            "Pragma",
            "Proxy-Authenticate",
            "Proxy-Authorization",
            "Range",
            "Set-Cookie",
            "Trailer");

    private final FieldNames inHead;
    private final FieldNames inTrailer;

    private ForgedFields(FieldNames inHead, FieldNames inTrailer) {
        this.inHead = inHead;
        this.inTrailer = inTrailer;
    }

    /**
     * @param untrusted the names of fields that only a trusted peer may send
     */
    public static ForgedFields of(List<String> untrusted) {
        List<String> names = new ArrayList<>(untrusted);
        for (FieldName name : FieldName.values()) {
            if (name.isTurnouts()) {
                names.add(name.toString());
            }
        }
        FieldNames inHead = FieldNames.of(names);
        names.addAll(NEVER_IN_A_TRAILER);
        return new ForgedFields(inHead, FieldNames.of(names));
    }

    /** Returns true if a line of a head must not go on. Lines that Turnout writes itself are not asked for here. */
    boolean isForged(FieldLines fields, int line, boolean trusted) {
        FieldNames.Match match = inHead.match(fields.bytes(), fields.lineStart(line), fields.nameEnd(line));
        return match == FieldNames.Match.LOOKALIKE || match == FieldNames.Match.EXACT && !trusted;
    }

    /** Returns the names that must not stand in the trailer of a request, whose client may be anybody. */
    public FieldNames inTrailer() {
        return inTrailer;
    }
}
