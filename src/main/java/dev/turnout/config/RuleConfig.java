package dev.turnout.config;

import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one rule: which requests it is for, and what is done with them. Keys without a value of the first kind are
 * for every request.
 */
public final class RuleConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<List<HostPattern>> HOST = KEYS.add(Key.of("host", ValueType.hostPatterns())
            .ofRules()
            .english("Which hosts the rule is for. A rule is for requests that fit all of `host`, `method`, `path`,"
                    + " `header` and `client` that it has. A service has its own rules,"
                    + " `turnout.services.\"shop\".rules.\"10-www\".host`, and those at the top, where a rule of"
                    + " the same name stands for that at the top. They go by the number that the name begins"
                    + " with, then by name, until one answers. Not in nginx mode."));

    static final Key<List<String>> METHOD =
            KEYS.add(Key.of("method", RuleTypes.methods()).ofRules().english("Which methods the rule is for."));

    static final Key<List<String>> PATH = KEYS.add(Key.of("path", RuleTypes.paths())
            .ofRules()
            .english("Which paths the rule is for. Without `*` the path begins so, in whole segments: `/admin` is "
                    + "`/admin` and `/admin/x`. With `*` the whole path looks so: `*.php`. The path is compared as an "
                    + "application reads it: decoded, without `;x`, `//` and `/./`. A path that applications read in more than"
                    + " one way gets 400 then: `..`, a backslash, or `%2F` in a parameter."));

    static final Key<HeaderMatch> HEADER = KEYS.add(Key.of("header", RuleTypes.header())
            .ofRules()
            .english(
                    "Which header field the rule is for: `Name`, or `Name: value`. One line of the field has to fit."));

    static final Key<List<Cidr>> CLIENT = KEYS.add(Key.of("client", ValueType.networks())
            .ofRules()
            .english("Which client addresses the rule is for. Behind `turnout.trusted-proxies` it is the nearest "
                    + "address in `X-Forwarded-For` that is none of them."));

    static final Key<List<Cidr>> ALLOW = KEYS.add(Key.of("allow", ValueType.networks())
            .ofRules()
            .english(
                    "The client addresses that may send such requests. All others get 403, and so does a client whose address"
                            + " a trusted proxy does not tell."));

    static final Key<List<Cidr>> DENY = KEYS.add(Key.of("deny", ValueType.networks())
            .ofRules()
            .english(
                    "The client addresses that may not send such requests. They get 403, and so does a client whose address a"
                            + " trusted proxy does not tell."));

    static final Key<Rate> RATE = KEYS.add(Key.of("rate", RuleTypes.rate())
            .ofRules()
            .english("How many such requests each client address may send. Further ones get 429 with `Retry-After`."
                    + " IPv6 addresses count by /64. `turnout.limits.rates` says how many addresses are known at a"
                    + " time. A reload that leaves the rule's rate as it is forgets nothing."));

    static final Key<Integer> RATE_BURST = KEYS.add(Key.of("rate-burst", ValueType.whole(1, 1_000_000))
            .ofRules()
            .english("How many of them may come at once. Without a value as many as the number in `rate`."));

    static final Key<Path> AUTH_FILE = KEYS.add(Key.of("auth-file", ValueType.path())
            .ofRules()
            .english("A file of users and bcrypt hashes, `user:$2y$10$...` on each line, as `turnout password USER` or"
                    + " `htpasswd -nB USER` makes it. Such requests need one of these users and its password (HTTP"
                    + " Basic, RFC 7617), else they get 401. Without TLS everybody on the way reads the password. The file"
                    + " is read at the start and at each reload."));

    static final Key<String> AUTH_REALM = KEYS.add(Key.of("auth-realm", RuleTypes.realm())
            .byDefault("Restricted")
            .ofRules()
            .english("What browsers show when they ask for the password."));

    static final Key<Boolean> AUTH_PASS = KEYS.add(Key.of("auth-pass", ValueType.flag())
            .byDefault("true")
            .ofRules()
            .english(
                    "Whether the target gets the `Authorization` header with the user and the password. With `false` it"
                            + " does not, for applications that would take it for their own."));

    static final Key<MemorySize> BODY = KEYS.add(Key.of("body", ValueType.size(1, Long.MAX_VALUE, "a size such as 10M"))
            .ofRules()
            .english("The largest body of such requests. A larger one gets 413. It is for lower limits than "
                    + "`turnout.limits.body` only."));

    static final Key<String> REDIRECT = KEYS.add(Key.of("redirect", RuleTypes.location())
            .ofRules()
            .english("Where such requests are redirected to. `{host}` is the host of the request, `{path}` its path, "
                    + "`{rest}` what of the path is behind the rule's, `{query}` its query with the question mark."));

    static final Key<Integer> REDIRECT_STATUS = KEYS.add(Key.of("redirect-status", RuleTypes.redirectStatus())
            .byDefault("301")
            .ofRules()
            .english("The status of the redirect. After 307 and 308 a client keeps its method."));

    static final Key<String> REWRITE = KEYS.add(Key.of("rewrite", ValueType.pathPrefix())
            .ofRules()
            .english("What the beginning of the path is replaced by, which is the one `path` of the rule. Targets get "
                    + "what was there in `X-Forwarded-Prefix`. Instead of `strip-path`."));

    static final Key<List<HeaderLine>> REQUEST_SET = KEYS.add(Key.of("request-set", RuleTypes.lines())
            .ofRules()
            .english("Header fields that targets get, in place of the client's of these names."));

    static final Key<List<HeaderLine>> REQUEST_ADD = KEYS.add(Key.of("request-add", RuleTypes.lines())
            .ofRules()
            .english("Header fields that targets get beside the client's."));

    static final Key<List<String>> REQUEST_REMOVE = KEYS.add(
            Key.of("request-remove", RuleTypes.names()).ofRules().english("Header fields that targets do not get."));

    static final Key<List<HeaderLine>> RESPONSE_SET = KEYS.add(Key.of("response-set", RuleTypes.lines())
            .ofRules()
            .english("Header fields of the response, in place of the target's of these names. Answers that Turnout "
                    + "makes itself do not get them."));

    static final Key<List<HeaderLine>> RESPONSE_ADD = KEYS.add(Key.of("response-add", RuleTypes.lines())
            .ofRules()
            .english("Header fields of the response beside the target's."));

    static final Key<List<String>> RESPONSE_REMOVE = KEYS.add(Key.of("response-remove", RuleTypes.names())
            .ofRules()
            .english("Header fields of the target's response that clients do not get."));

    static final Key<Path> FOLDER = KEYS.add(Key.of("folder", ValueType.path())
            .ofRules()
            .english(
                    "The folder whose files such GET and HEAD requests are answered with. Where the rule has one `path`"
                            + " without `*`, that beginning of the path stands for the folder. `x.br` and `x.gz` beside a file `x`"
                            + " go to clients that take them. Symbolic links below the folder and names that begin with a dot, but"
                            + " `.well-known`, are not there. Folders are not listed."));

    static final Key<String> FOLDER_INDEX = KEYS.add(Key.of("folder-index", RuleTypes.fileName())
            .byDefault("index.html")
            .ofRules()
            .english("The file that stands for the folder it is in."));

    static final Key<FolderMissing> FOLDER_MISSING = KEYS.add(Key.of("folder-missing", RuleTypes.folderMissing())
            .byDefault("404")
            .ofRules()
            .english(
                    "What requests get whose file is not there: `404`, the answer of a target (`target`), or another file"
                            + " of the folder, such as `/index.html` for a single-page application."));

    static final Key<String> ANSWER = KEYS.add(Key.of("answer", RuleTypes.answer())
            .ofRules()
            .english("The plain text that such requests are answered with."));

    static final Key<Integer> ANSWER_STATUS = KEYS.add(Key.of("answer-status", RuleTypes.answerStatus())
            .byDefault("200")
            .ofRules()
            .english("The status of that answer."));

    private final RuleKeys keys;
    private final Values values;

    RuleConfig(Values values, RuleKeys keys) {
        this.values = values;
        this.keys = keys;
    }

    /** Returns what all keys of this rule begin with. */
    public String prefix() {
        return keys.prefix();
    }

    public String name() {
        return keys.rule();
    }

    private <T> Optional<T> find(Key<T> key) {
        return values.find(keys.own(key));
    }

    private <T> List<T> list(Key<List<T>> key) {
        return find(key).orElse(List.of());
    }

    public List<HostPattern> host() {
        return list(HOST);
    }

    public List<String> method() {
        return list(METHOD);
    }

    public List<String> path() {
        return list(PATH);
    }

    public Optional<HeaderMatch> header() {
        return find(HEADER);
    }

    public List<Cidr> client() {
        return list(CLIENT);
    }

    public List<Cidr> allow() {
        return list(ALLOW);
    }

    public List<Cidr> deny() {
        return list(DENY);
    }

    public Optional<Rate> rate() {
        return find(RATE);
    }

    public Optional<Integer> rateBurst() {
        return find(RATE_BURST);
    }

    public Optional<Path> authFile() {
        return find(AUTH_FILE);
    }

    public String authRealm() {
        return values.get(keys.own(AUTH_REALM));
    }

    public boolean authPass() {
        return values.get(keys.own(AUTH_PASS));
    }

    public Optional<MemorySize> body() {
        return find(BODY);
    }

    public Optional<String> redirect() {
        return find(REDIRECT);
    }

    public int redirectStatus() {
        return values.get(keys.own(REDIRECT_STATUS));
    }

    public Optional<String> rewrite() {
        return find(REWRITE);
    }

    public List<HeaderLine> requestSet() {
        return list(REQUEST_SET);
    }

    public List<HeaderLine> requestAdd() {
        return list(REQUEST_ADD);
    }

    public List<String> requestRemove() {
        return list(REQUEST_REMOVE);
    }

    public List<HeaderLine> responseSet() {
        return list(RESPONSE_SET);
    }

    public List<HeaderLine> responseAdd() {
        return list(RESPONSE_ADD);
    }

    public List<String> responseRemove() {
        return list(RESPONSE_REMOVE);
    }

    public Optional<Path> folder() {
        return find(FOLDER);
    }

    public String folderIndex() {
        return values.get(keys.own(FOLDER_INDEX));
    }

    public FolderMissing folderMissing() {
        return values.get(keys.own(FOLDER_MISSING));
    }

    public Optional<String> answer() {
        return find(ANSWER);
    }

    public int answerStatus() {
        return values.get(keys.own(ANSWER_STATUS));
    }
}
