package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.PathRewrite;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.Rule;
import dev.turnout.proxy.route.RuleTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules of a service say of one request. Event loop only. */
final class AppliedRules {

    private static final String CAUSE = "rule: ";

    /** No rule could be sure of what the application would read. */
    private static final LocalReply AMBIGUOUS_PATH =
            new LocalReply(400, "ambiguous-path", "The path can be read in more than one way.");

    private final List<HeadEdits> requestEdits = new ArrayList<>(1);
    private final List<HeadEdits> responseEdits = new ArrayList<>(1);
    private long bodyLimit;
    private @Nullable PathRewrite rewrite;
    private boolean rewritesAll;
    private @Nullable LocalReply reply;
    private boolean plain;

    private AppliedRules() {}

    /**
     * Goes through the rules in their order, up to the first one that answers.
     *
     * @param origin the client's address; null if no rule asks for it, or a trusted proxy does not tell
     * @param path where the path of the request is read into
     * @return null if no rule is for the request
     */
    static @Nullable AppliedRules of(
            RuleTable table, RequestHead head, ClientInfo client, @Nullable InetAddress origin, PlainPath path) {
        if (table.readsPath()) {
            path.of(head);
            if (path.isAmbiguous()) {
                AppliedRules refused = new AppliedRules();
                refused.reply = AMBIGUOUS_PATH;
                return refused;
            }
        }
        AppliedRules applied = null;
        List<Rule> rules = table.rules();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match().fits(head, path) && rule.isFor(origin)) {
                applied = applied == null ? new AppliedRules() : applied;
                applied.apply(rule, head, client, origin);
                if (applied.reply != null) {
                    return applied;
                }
            }
        }
        return applied;
    }

    private void apply(Rule rule, RequestHead head, ClientInfo client, @Nullable InetAddress origin) {
        if (rule.refuses(origin)) {
            reply = new LocalReply(403, CAUSE + rule.name(), "This address may not ask for that.");
            return;
        }
        if (rule.rate() != null) {
            long seconds = rule.rate().take(origin, System.nanoTime());
            if (seconds > 0) {
                reply = new LocalReply(
                        429,
                        CAUSE + rule.name(),
                        "This address has sent too many requests.",
                        "",
                        Math.toIntExact(seconds));
                return;
            }
        }
        if (rule.bodyLimit() > 0) {
            bodyLimit = bodyLimit == 0 ? rule.bodyLimit() : Math.min(bodyLimit, rule.bodyLimit());
        }
        if (rule.request() != null) {
            requestEdits.add(rule.request());
        }
        if (rule.response() != null) {
            responseEdits.add(rule.response());
        }
        if (rule.rewrite() != null && rule.rewrite().isFor(head)) {
            rewrite = rule.rewrite();
            rewritesAll = rewrite.isAll(head);
        }
        if (rule.redirect() != null) {
            String location = rule.redirect().fill(head, client);
            reply = new LocalReply(
                    rule.status(), CAUSE + rule.name(), "This is found elsewhere.", "Location: " + location + "\r\n");
        } else if (rule.answer() != null) {
            reply = new LocalReply(rule.status(), CAUSE + rule.name(), rule.answer());
            plain = true;
        }
    }

    /** Returns the answer to the request; null if it goes on to a target. */
    @Nullable
    LocalReply reply() {
        return reply;
    }

    /** Returns the form of the answer. */
    LocalReply.Form form(RequestHead head) {
        return plain && !head.isCall() ? LocalReply.Form.TEXT : LocalReplies.form(head);
    }

    /** Returns what changes in the head of the response. */
    List<HeadEdits> responseEdits() {
        return responseEdits;
    }

    /** Returns the largest body, in bytes. */
    long bodyLimit(long ofAll) {
        if (bodyLimit == 0) {
            return ofAll;
        }
        return ofAll == 0 ? bodyLimit : Math.min(ofAll, bodyLimit);
    }

    /** Returns how many bytes of the path's beginning the rewriter leaves out, in place of the service's. */
    int stripped(int ofService) {
        return rewrite == null ? ofService : rewrite.stripped();
    }

    /**
     * Writes the head for the target with all changes.
     *
     * @param written holds the head; its content is lost
     * @param spare is written to alternately
     * @return the one of both that holds the result
     */
    HeadWriter edit(HeadWriter written, HeadWriter spare) {
        HeadWriter from = written;
        HeadWriter to = spare;
        if (rewrite != null) {
            rewrite.write(from.bytes(), from.length(), rewritesAll, to);
            HeadWriter next = from;
            from = to;
            to = next;
        }
        for (HeadEdits edits : requestEdits) {
            edits.write(from.bytes(), 0, from.length(), to);
            HeadWriter next = from;
            from = to;
            to = next;
        }
        return from;
    }
}
