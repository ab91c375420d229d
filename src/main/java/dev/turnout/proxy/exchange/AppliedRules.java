package dev.turnout.proxy.exchange;

import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.Folder;
import dev.turnout.proxy.http1.BasicCredentials;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.PathRewrite;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.PasswordRule;
import dev.turnout.proxy.route.Rule;
import dev.turnout.proxy.route.RuleTable;
import dev.turnout.proxy.route.WaitingPlace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules of a service say of one request. Event loop only. */
final class AppliedRules {

    private final List<HeadEdits> requestEdits = new ArrayList<>(1);
    private final List<HeadEdits> responseEdits = new ArrayList<>(1);
    private List<Hold> holds = List.of();
    private long bodyLimit;
    private @Nullable PathRewrite rewrite;
    private boolean rewritesAll;
    private @Nullable LocalReply reply;
    private @Nullable String user;
    private boolean plain;
    private boolean isSettled;

    private AppliedRules() {}

    /**
     * Goes through the rules in their order, up to the first one that answers.
     *
     * @param origin the client's address; null if no rule asks for it, or a trusted proxy does not tell
     * @param path where the path of the request is read into
     * @return null if no rule is for the request
     */
    static @Nullable AppliedRules of(
            RuleTable table,
            RequestHead head,
            ClientInfo client,
            @Nullable InetAddress origin,
            PlainPath path,
            RuleMeans means) {
        if (table.readsPath()) {
            path.of(head);
            if (path.isAmbiguous()) {
                AppliedRules refused = new AppliedRules();
                refused.reply = RuleReplies.AMBIGUOUS_PATH;
                return refused;
            }
        }
        AppliedRules applied = null;
        List<Rule> rules = table.rules();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match().fits(head, path) && rule.isFor(origin)) {
                applied = applied == null ? new AppliedRules() : applied;
                applied.apply(rule, head, client, origin, means);
                if (rule.folder() != null && applied.reply == null) {
                    applied.look(rule, rule.folder(), head, path, means);
                }
                if (applied.reply != null || applied.isSettled) {
                    return applied;
                }
            }
        }
        return applied;
    }

    private void apply(Rule rule, RequestHead head, ClientInfo client, @Nullable InetAddress origin, RuleMeans means) {
        if (rule.refuses(origin)) {
            reply = RuleReplies.denied(rule);
            return;
        }
        if (rule.rate() != null) {
            long seconds = rule.rate().take(origin, System.nanoTime());
            if (seconds > 0) {
                reply = RuleReplies.tooOften(rule, seconds);
                return;
            }
        }
        if (rule.password() != null) {
            askPassword(rule, rule.password(), head, origin, means);
            if (reply != null) {
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
            reply = RuleReplies.redirect(rule, rule.redirect().fill(head, client));
        } else if (rule.answer() != null) {
            reply = RuleReplies.plain(rule, rule.answer());
            plain = true;
        }
    }

    private void askPassword(
            Rule rule, PasswordRule needed, RequestHead head, @Nullable InetAddress origin, RuleMeans means) {
        BasicCredentials given = BasicCredentials.of(head);
        if (given == null) {
            reply = RuleReplies.unauthorized(rule);
            return;
        }
        PasswordChecks checks = means.passwords();
        PasswordChecks.Question question =
                checks.question(given, needed.hashOf(given.user()), needed.knows(given.user()));
        if (checks.isKnown(question)) {
            user = given.user();
        } else {
            hold(new PasswordHold(checks, question, given.user(), origin, rule, means.loop()));
        }
        if (needed.edits() != null) {
            requestEdits.add(needed.edits());
        }
    }

    /** Has a file looked for. Without one the request goes on, or the rule is the last. */
    private void look(Rule rule, Folder folder, RequestHead head, PlainPath path, RuleMeans means) {
        if (head.methodIs(KnownMethod.GET) || head.methodIs(KnownMethod.HEAD)) {
            hold(new FolderHold(means, rule, folder, FileWish.of(head, path)));
            isSettled = !folder.goesOn();
        } else if (!folder.goesOn()) {
            reply = RuleReplies.onlyRead(rule);
        }
    }

    private void hold(Hold next) {
        holds = holds.isEmpty() ? new ArrayList<>(2) : holds;
        holds.add(next);
    }

    /** Returns true if something off the event loop is to be found out before the answer holds, or the request goes on. */
    boolean isHeld() {
        return !holds.isEmpty();
    }

    /**
     * Returns the wait of the request.
     *
     * @param form the form of its answers
     * @param place that the request has in a canary; null if there is no canary
     */
    HeldRequest held(LocalReply.Form form, @Nullable WaitingPlace place, HeldRequest.Owner owner) {
        return new HeldRequest(holds, reply, plain ? plainForm(form) : form, form, place, owner);
    }

    /** Returns the user whose password is known to be right; null if there is none, or none yet. */
    @Nullable
    String user() {
        return user;
    }

    /** Returns the answer to the request; null if it goes on to a target. */
    @Nullable
    LocalReply reply() {
        return reply;
    }

    /** Returns the form of the answer. */
    LocalReply.Form form(RequestHead head) {
        return plain ? plainForm(LocalReplies.form(head)) : LocalReplies.form(head);
    }

    private static LocalReply.Form plainForm(LocalReply.Form form) {
        return form == LocalReply.Form.CALL ? form : LocalReply.Form.TEXT;
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

    /** Returns true if a rule gives the path another beginning. */
    boolean rewritesPath() {
        return rewrite != null;
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
