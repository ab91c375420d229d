package dev.turnout.config;

import dev.turnout.routing.HostPort;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.text.Language;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A type of value: what is allowed, in words, and how the text is read.
 *
 * @param allowed ends the sentence "allowed is ..."
 * @param reader throws {@link IllegalArgumentException}, with a reason if one is known
 * @param isSecret true if no message may show the value
 * @param separator what stands between the parts of a list
 */
record ValueType<T>(String allowed, Function<String, T> reader, boolean isSecret, String separator) {

    static final String COMMA = ",";

    ValueType(String allowed, Function<String, T> reader) {
        this(allowed, reader, false);
    }

    ValueType(String allowed, Function<String, T> reader, boolean isSecret) {
        this(allowed, reader, isSecret, COMMA);
    }

    private static final String PATH = "a path in the file system";
    private static final String COMMAND = "a program and its arguments";

    private static final Duration LONGEST = Duration.ofDays(7);

    /** Of a host name. Characters (RFC 1035, section 2.3.4). */
    private static final int LONGEST_HOST = 253;

    private static final Duration LONGEST_AGE = Duration.ofDays(730);

    static ValueType<Duration> time() {
        return time("a time from 1ms to 7d, such as 500ms, 30s or 2m", 1);
    }

    /** Returns the type of a time that may be 0. */
    static ValueType<Duration> timeOrNone() {
        return time("0, or a time from 1ms to 7d, such as 500ms, 30s or 2m", 0);
    }

    private static ValueType<Duration> time(String allowed, long leastMillis) {
        return new ValueType<>(allowed, text -> {
            Duration time = DurationConverter.parseDuration(text);
            if (!time.isZero() && text.chars().allMatch(Character::isDigit)) {
                throw new IllegalArgumentException("'" + text + "' has no unit");
            }
            require(time.toMillis() >= leastMillis && time.compareTo(LONGEST) <= 0 && !isBelowMilli(time));
            return time;
        });
    }

    /** Returns the type of the time that browsers keep a policy for, in whole seconds. */
    static ValueType<Duration> maxAge() {
        return new ValueType<>("0, or a time in whole seconds up to 730d, such as 5m or 365d", text -> {
            Duration time = DurationConverter.parseDuration(text);
            if (!time.isZero() && text.chars().allMatch(Character::isDigit)) {
                throw new IllegalArgumentException("'" + text + "' has no unit");
            }
            require(!time.isNegative() && time.getNano() == 0 && time.compareTo(LONGEST_AGE) <= 0);
            return time;
        });
    }

    private static boolean isBelowMilli(Duration time) {
        return time.toMillis() == 0 && !time.isZero();
    }

    static ValueType<Integer> whole(int least, int most) {
        return new ValueType<>("a whole number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            require(number >= least && number <= most);
            return number;
        });
    }

    static ValueType<MemorySize> size(long least, long most, String allowed) {
        return new ValueType<>(allowed, text -> {
            MemorySize size = new MemorySizeConverter().convert(text);
            BigInteger bytes = size.asBigInteger();
            require(bytes.compareTo(BigInteger.valueOf(least)) >= 0 && bytes.compareTo(BigInteger.valueOf(most)) <= 0);
            return size;
        });
    }

    static ValueType<Boolean> flag() {
        return new ValueType<>("true or false", text -> {
            require(text.equals("true") || text.equals("false"));
            return Boolean.valueOf(text);
        });
    }

    static <E extends Enum<E>> ValueType<E> word(E[] words) {
        String allowed = Arrays.stream(words).map(ValueType::lower).collect(Collectors.joining(" or "));
        return new ValueType<>(allowed, text -> Arrays.stream(words)
                .filter(word -> lower(word).equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ValueType<AccessTemplate> accessTemplate() {
        return new ValueType<>(
                "a line with fields in braces, such as {client} {status}; the fields are " + AccessField.words(),
                AccessTemplate::parse);
    }

    static ValueType<List<String>> parameterNames() {
        return listOf("names of query parameters, with commas between them", text -> {
            require(!text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "&;=?#%".indexOf(c) < 0));
            return text;
        });
    }

    static ValueType<StickyMode> sticky() {
        return new ValueType<>(
                "off, cookie, or the name of the application's session cookie such as JSESSIONID", StickyMode::parse);
    }

    static ValueType<List<Target>> targets() {
        return listOf(
                "one host:port, https://host:port, unix:/path, dns:name:port or srv:name, or several with commas between them",
                Target::parse);
    }

    static ValueType<List<Cidr>> networks() {
        return listOf("IP addresses or CIDR blocks such as 10.0.0.0/8, with commas between them", Cidr::parse);
    }

    private static <T> ValueType<List<T>> listOf(String allowed, Function<String, T> reader) {
        return new ValueType<>(allowed, text -> {
            List<T> list = new ArrayList<>();
            for (String part : text.split(COMMA, -1)) {
                list.add(reader.apply(part.strip()));
            }
            return list;
        });
    }

    static ValueType<List<String>> fieldNames() {
        return listOf("names of header fields, but for Host and Content-Length, with commas between them", text -> {
            require(text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}"));
            require(!text.equalsIgnoreCase("Host") && !text.equalsIgnoreCase("Content-Length"));
            return text;
        });
    }

    static ValueType<StatusRanges> statuses() {
        return new ValueType<>(
                "status codes from 100 to 999 and ranges of them, with commas between them, such as 200-299,301",
                StatusRanges::parse);
    }

    static ValueType<StatusRanges> errorStatuses() {
        return new ValueType<>(
                "status codes from 400 to 599 and ranges of them, with commas between them, such as 404,500-599",
                text -> {
                    StatusRanges ranges = StatusRanges.parse(text);
                    if (ranges.ranges().stream().anyMatch(range -> range.from() < 400 || range.to() > 599)) {
                        throw new IllegalArgumentException();
                    }
                    return ranges;
                });
    }

    /** Returns the type of a host name or an IP address; an IPv6 address stands without brackets. */
    static ValueType<String> host() {
        return new ValueType<>("a host name or an IP address", text -> new TcpAddress(text, 1).host());
    }

    static ValueType<List<String>> hosts() {
        return listOf(
                "host names or IP addresses, without ports, with commas between them",
                text -> new TcpAddress(text, 1).host());
    }

    static ValueType<String> hostHeader() {
        return new ValueType<>("what may stand in a Host header: host or host:port", text -> {
            require(text.chars().allMatch(c -> c > ' ' && c < 0x7f && "/?#@\\<>\"".indexOf(c) < 0));
            return text;
        });
    }

    static ValueType<String> requestPath() {
        return new ValueType<>("a path that begins with '/', without blanks and without '#'", text -> {
            require(text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#'));
            return text;
        });
    }

    static ValueType<List<String>> requestPaths() {
        ValueType<String> path = requestPath();
        return listOf(
                "paths that begin with '/', without blanks and without '#', with commas between them",
                path.reader()::apply);
    }

    static ValueType<List<HostPattern>> hostPatterns() {
        return listOf(
                "host names such as shop.example.com, and *.example.com for all below it, with commas between them",
                HostPattern::parse);
    }

    static ValueType<List<String>> pathBeginnings() {
        ValueType<String> prefix = pathPrefix();
        return listOf(
                "paths such as /assets, without '/' at their end, '//', dot segments, '?' and '#', with commas between"
                        + " them",
                prefix.reader()::apply);
    }

    /** Returns the type of the beginning of paths. Beginnings with a second spelling are not allowed. */
    static ValueType<String> pathPrefix() {
        return new ValueType<>("a path such as /api, without '/' at its end, '//', dot segments, '?' and '#'", text -> {
            require(text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#' && c != '?'));
            require(text.equals("/") || !text.matches(".*/(\\.\\.?)?(/.*|$)"));
            return text;
        });
    }

    static ValueType<List<String>> pathPrefixes() {
        ValueType<String> prefix = pathPrefix();
        return listOf(
                "paths such as /poll or /chat/*/*/xhr, without '/' at their end, '//', dot segments, '?' and '#', with"
                        + " commas between them",
                prefix.reader()::apply);
    }

    static ValueType<String> secret() {
        return new ValueType<>(
                "visible ASCII characters, without blanks",
                text -> {
                    require(text.chars().allMatch(c -> c > ' ' && c < 0x7f));
                    return text;
                },
                true);
    }

    /** Returns the type of the address of an incoming webhook, which no message shows. */
    static ValueType<HookUrl> hookUrl() {
        return new ValueType<>(
                "a URL that begins with https:// or http://, without a user and without '#'", HookUrl::parse, true);
    }

    /** Returns the type of a secret that messages are signed with. Behind {@code whsec_} it has to be base64. */
    static ValueType<String> signingSecret() {
        ValueType<String> secret = secret();
        return new ValueType<>(
                "visible ASCII characters, without blanks; base64 behind whsec_",
                text -> {
                    require(!text.startsWith(SigningSecret.PREFIX) || SigningSecret.isBase64(text));
                    return secret.reader().apply(text);
                },
                true);
    }

    static ValueType<Language> language() {
        return new ValueType<>("en or ko", text -> {
            require(text.equals("en") || text.equals("ko"));
            return Language.ofLocale(text);
        });
    }

    /** Returns the type of several of these words. */
    static <E extends Enum<E>> ValueType<Set<E>> words(E[] words) {
        ValueType<E> word = word(words);
        ValueType<List<E>> list = listOf(
                "one or several of "
                        + Arrays.stream(words).map(ValueType::lower).collect(Collectors.joining(", "))
                        + ", with commas between them",
                word.reader()::apply);
        return new ValueType<>(
                list.allowed(),
                text -> Set.copyOf(new LinkedHashSet<>(list.reader().apply(text))));
    }

    static ValueType<Path> path() {
        return new ValueType<>(PATH, Path::of);
    }

    /** Returns true if a value names a file or a folder. */
    boolean isPath() {
        return allowed.equals(PATH);
    }

    static ValueType<CommandWords> command() {
        return new ValueType<>(COMMAND, CommandWords::parse);
    }

    /** Returns true if a value names a program. */
    boolean isCommand() {
        return allowed.equals(COMMAND);
    }

    static ValueType<AcmeDirectory> acmeDirectory() {
        return new ValueType<>(
                "letsencrypt, letsencrypt-staging, or a URL that begins with https://", AcmeDirectory::parse);
    }

    static ValueType<String> email() {
        return new ValueType<>("an e-mail address such as admin@example.com", text -> {
            require(text.matches("[^@\\s,;:<>\"]+@[^@\\s,;:<>\"]+\\.[^@\\s,;:<>\"]+"));
            return text;
        });
    }

    /** Returns the type of a word that is no secret. */
    static ValueType<String> visible() {
        return new ValueType<>("visible ASCII characters, without blanks", text -> {
            require(text.chars().allMatch(c -> c > ' ' && c < 0x7f));
            return text;
        });
    }

    static ValueType<HostPort> hostPort() {
        return new ValueType<>("host:port", text -> {
            HostPort read = HostPort.parse(text);
            if (read.host().length() > LONGEST_HOST) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not host:port; a host has at most " + LONGEST_HOST + " characters");
            }
            return read;
        });
    }

    static ValueType<URI> httpUrl() {
        return new ValueType<>("a URL such as http://127.0.0.1/", text -> {
            URI url = URI.create(text);
            require("http".equals(url.getScheme()) && url.getHost() != null);
            return url;
        });
    }

    static ValueType<URI> anyHttpUrl() {
        return new ValueType<>("a URL that begins with http:// or https://", text -> {
            URI url = URI.create(text);
            require("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
            require(url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null);
            return url;
        });
    }

    static ValueType<List<URI>> anyHttpUrls() {
        return listOf(
                "URLs that begin with http:// or https://, with commas between them",
                anyHttpUrl().reader()::apply);
    }

    /** Returns the type of a name that is a part of a path. */
    static ValueType<String> pathPart() {
        return new ValueType<>("1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'", text -> {
            require(text.matches("[A-Za-z0-9._-]{1,64}"));
            return text;
        });
    }

    /** Returns the type of a time that may be endless. */
    static ValueType<Optional<Duration>> timeOrNever() {
        ValueType<Duration> time = time();
        return new ValueType<>(
                "never, or " + time.allowed(),
                text -> text.equals("never")
                        ? Optional.empty()
                        : Optional.of(time.reader().apply(text)));
    }

    static ValueType<Double> percent() {
        return new ValueType<>(
                "a share from 0% to 100%, such as 5% or 0.5%",
                text -> {
                    require(text.matches("(100(\\.0{1,3})?|[0-9]{1,2}(\\.[0-9]{1,3})?)%"));
                    return Double.parseDouble(text.substring(0, text.length() - 1));
                });
    }

    static ValueType<Double> fraction() {
        return new ValueType<>("a number from 0 to 1, such as 0.01", text -> {
            require(text.matches("0|1|[01]\\.[0-9]{1,9}"));
            double fraction = Double.parseDouble(text);
            require(fraction <= 1);
            return fraction;
        });
    }

    private static void require(boolean isAllowed) {
        if (!isAllowed) {
            throw new IllegalArgumentException();
        }
    }
}
