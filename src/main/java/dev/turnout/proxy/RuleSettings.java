package dev.turnout.proxy;

import dev.turnout.config.FolderMissing;
import dev.turnout.config.HeaderLine;
import dev.turnout.config.HeaderMatch;
import dev.turnout.config.HostPattern;
import dev.turnout.config.PasswordFile;
import dev.turnout.config.Rate;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.proxy.folder.Folder;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.PathRewrite;
import dev.turnout.proxy.http1.RedirectTemplate;
import dev.turnout.proxy.http1.RuleMatch;
import dev.turnout.proxy.route.PasswordRule;
import dev.turnout.proxy.route.RateLimit;
import dev.turnout.proxy.route.RateLimits;
import dev.turnout.proxy.route.Rule;
import dev.turnout.proxy.route.RuleTable;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of the configuration, as the data plane applies them. */
final class RuleSettings {

    private final String service;
    private final RateLimits rates;

    private RuleSettings(String service, RateLimits rates) {
        this.service = service;
        this.rates = rates;
    }

    /**
     * Returns the rules of a service; null if it has none.
     *
     * @param rates has the buckets of rules that there were before
     */
    static @Nullable RuleTable of(ServiceSettings service, RateLimits rates) {
        List<RuleConfig> rules = service.rules();
        RuleSettings settings = new RuleSettings(service.name(), rates);
        return rules.isEmpty()
                ? null
                : new RuleTable(rules.stream().map(settings::rule).toList());
    }

    private Rule rule(RuleConfig rule) {
        String path = rule.path().size() == 1 ? rule.path().get(0) : "";
        return new Rule(
                rule.name(),
                match(rule),
                rule.client(),
                rule.allow(),
                rule.deny(),
                rule.rate().map(rate -> limit(rule, rate)).orElse(null),
                rule.authFile().map(file -> password(rule, file)).orElse(null),
                rule.body().map(MemorySize::asLongValue).orElse(0L),
                rule.rewrite().map(to -> new PathRewrite(path, to)).orElse(null),
                edits(rule.requestRemove(), rule.requestSet(), rule.requestAdd()),
                edits(rule.responseRemove(), rule.responseSet(), rule.responseAdd()),
                rule.folder().map(root -> folder(rule, root, path)).orElse(null),
                rule.redirect()
                        .map(text -> new RedirectTemplate(text, path.contains("*") ? "" : path))
                        .orElse(null),
                rule.answer().orElse(null),
                rule.redirect().isPresent() ? rule.redirectStatus() : rule.answerStatus());
    }

    /** A file that has become unusable since it was checked lets nobody in. */
    private static PasswordRule password(RuleConfig rule, Path file) {
        Map<String, String> hashes;
        try {
            hashes = PasswordFile.read(file).hashes();
        } catch (PasswordFile.Refused e) {
            hashes = Map.of();
        }
        return new PasswordRule(hashes, rule.authRealm(), rule.authPass());
    }

    private RateLimit limit(RuleConfig rule, Rate rate) {
        int burst = rule.rateBurst().orElse(rate.count());
        return rates.of(new RateLimit.Id(service, rule.name(), rate.count(), rate.period(), burst));
    }

    private static Folder folder(RuleConfig rule, Path root, String path) {
        FolderMissing missing = rule.folderMissing();
        return new Folder(
                root,
                path.contains("*") || path.equals("/") ? "" : path,
                rule.folderIndex(),
                missing.file().orElse(null),
                missing.target());
    }

    private static RuleMatch match(RuleConfig rule) {
        return new RuleMatch(
                rule.host().stream().map(HostPattern::name).toList(),
                rule.method(),
                rule.path(),
                rule.header().map(HeaderMatch::name).orElse(null),
                rule.header().map(HeaderMatch::glob).orElse("*"));
    }

    private static @Nullable HeadEdits edits(List<String> removed, List<HeaderLine> set, List<HeaderLine> added) {
        if (removed.isEmpty() && set.isEmpty() && added.isEmpty()) {
            return null;
        }
        List<String> names = Stream.concat(removed.stream(), set.stream().map(HeaderLine::name))
                .toList();
        List<String> lines = Stream.concat(set.stream(), added.stream())
                .map(line -> line.name() + ": " + line.value())
                .toList();
        return new HeadEdits(names, lines);
    }
}
