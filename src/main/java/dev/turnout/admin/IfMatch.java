package dev.turnout.admin;

import dev.turnout.switching.ExpectedRevision;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reader of {@code If-Match} (RFC 9110, section 13.1.1): revisions as entity tags, with or without quotes. */
final class IfMatch {

    private static final Pattern TAG = Pattern.compile("\"([0-9]{1,18})\"|([0-9]{1,18})");

    private IfMatch() {}

    /** Returns the revisions that a call lets a change start from. */
    static ExpectedRevision of(RoutingContext call) {
        return read(call.request().headers().getAll("If-Match"));
    }

    /** @param headers the values of all headers of this name */
    private static ExpectedRevision read(List<String> headers) {
        Set<Long> revisions = new HashSet<>();
        for (String header : headers) {
            for (String part : header.split(",", -1)) {
                String tag = part.strip();
                if (tag.equals("*")) {
                    return ExpectedRevision.any();
                }
                revisions.add(revision(tag));
            }
        }
        return headers.isEmpty() ? ExpectedRevision.none() : ExpectedRevision.of(revisions);
    }

    private static long revision(String tag) {
        Matcher matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            throw new BadRequest("If-Match holds revisions like \"5\", or *, not '" + tag + "'. Nothing was done.");
        }
        return Long.parseLong(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
}
