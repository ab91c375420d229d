package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.route.Rule;

/** The answers of rules. Their cause names the rule. */
final class RuleReplies {

    /** No rule could be sure of what the application would read. */
    static final LocalReply AMBIGUOUS_PATH =
            new LocalReply(400, "ambiguous-path", "The path can be read in more than one way.");

    private RuleReplies() {}

    private static String cause(Rule rule) {
        return "rule: " + rule.name();
    }

    static LocalReply denied(Rule rule) {
        return new LocalReply(403, cause(rule), "This address may not ask for that.");
    }

    /** @param seconds when the client may come again */
    static LocalReply tooOften(Rule rule, long seconds) {
        return new LocalReply(
                429, cause(rule), "This address has sent too many requests.", "", Math.toIntExact(seconds));
    }

    static LocalReply redirect(Rule rule, String location) {
        return new LocalReply(rule.status(), cause(rule), "This is found elsewhere.", "Location: " + location + "\r\n");
    }

    static LocalReply plain(Rule rule, String text) {
        return new LocalReply(rule.status(), cause(rule), text);
    }

    /** @param location of the folder, with a slash at its end */
    static LocalReply folder(Rule rule, String location) {
        return new LocalReply(301, cause(rule), "This is a folder.", "Location: " + location + "\r\n");
    }

    static LocalReply noFile(Rule rule) {
        return new LocalReply(404, cause(rule), "There is no such file.");
    }

    static LocalReply onlyRead(Rule rule) {
        return new LocalReply(405, cause(rule), "Files can only be read here.", "Allow: GET, HEAD\r\n");
    }

    static LocalReply filesBusy(Rule rule) {
        return new LocalReply(503, cause(rule), "Too many files are open.");
    }

    static LocalReply unauthorized(Rule rule) {
        return new LocalReply(
                401,
                cause(rule),
                "A user name and a password are needed.",
                requireNonNull(rule.password()).challenge());
    }

    static LocalReply tooManyChecks(Rule rule) {
        return new LocalReply(429, cause(rule), "This address has too many passwords that wait to be checked.");
    }

    static LocalReply checksBusy(Rule rule) {
        return new LocalReply(503, cause(rule), "Too many passwords wait to be checked.");
    }
}
