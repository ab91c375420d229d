package dev.turnout.config;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The types of values that only rules have. */
final class RuleTypes {

    private static final int LONGEST_ANSWER = 4096;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> PLACES = Set.of("{host}", "{path}", "{rest}", "{query}");

    private RuleTypes() {}

    static ValueType<List<String>> methods() {
        return listOf("methods such as GET, with commas between them", ValueType.COMMA, method -> {
            require(method.matches("[A-Z]{1,20}"));
            return method;
        });
    }

    static ValueType<List<String>> paths() {
        return listOf(
                "paths that begin with '/' or '*', with commas between them; '*' stands for any characters",
                ValueType.COMMA,
                path -> {
                    require((path.startsWith("/") || path.startsWith("*")) && Glob.isLegal(path));
                    require(path.chars().noneMatch(c -> c == ' ' || c == '?' || c == '#' || c == '%' || c == ';'));
                    require(!path.contains("//") && !path.contains("/./") && !path.contains("/../"));
                    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
                });
    }

    static ValueType<HeaderMatch> header() {
        return new ValueType<>(
                "a field such as User-Agent: *bot*, where '*' stands for any characters", HeaderMatch::parse);
    }

    static ValueType<List<HeaderLine>> lines() {
        return listOf(
                "Name: value, several with line breaks between them; not Host, X-Forwarded-*, or what frames a message",
                "\n",
                HeaderLine::parse);
    }

    static ValueType<List<String>> names() {
        return listOf(
                "names of fields, with commas between them; not Host, X-Forwarded-*, or what frames a message",
                ValueType.COMMA,
                HeaderLine::name);
    }

    static ValueType<String> location() {
        return new ValueType<>(
                "a path or an http:// or https:// URL with {host}, {path}, {rest} or {query} in it", text -> {
                    String plain = PLACES.stream().reduce(text, (rest, place) -> rest.replace(place, "x"));
                    require(text.startsWith("/") && !text.startsWith("//")
                            || text.startsWith("https://")
                            || text.startsWith("http://"));
                    require(plain.chars().allMatch(c -> c > ' ' && c < 0x7f && "{}\\\"<>".indexOf(c) < 0));
                    require(text.startsWith("/") || URI.create(plain).getHost() != null);
                    return text;
                });
    }

    static ValueType<Integer> redirectStatus() {
        return status("301, 302, 303, 307 or 308", REDIRECTS::contains);
    }

    static ValueType<Integer> answerStatus() {
        return status(
                "a status from 200 to 599 with content: not 204, 205 or 3xx",
                code -> code >= 200 && code < 600 && code != 204 && code != 205 && code / 100 != 3);
    }

    private static ValueType<Integer> status(String allowed, Function<Integer, Boolean> isLegal) {
        return new ValueType<>(allowed, text -> {
            int code = Integer.parseInt(text);
            require(isLegal.apply(code));
            return code;
        });
    }

    static ValueType<String> realm() {
        return new ValueType<>("1 to 100 printable ASCII characters without quotes or backslashes", text -> {
            require(text.matches("[ -~&&[^\"\\\\]]{1,100}"));
            return text;
        });
    }

    static ValueType<String> fileName() {
        return new ValueType<>("the name of a file such as index.html", text -> {
            require(text.matches("[^/\\p{Cntrl}.][^/\\p{Cntrl}]{0,200}"));
            return text;
        });
    }

    static ValueType<FolderMissing> folderMissing() {
        return new ValueType<>(
                "404, target, or the path of a file in the folder such as /index.html", FolderMissing::parse);
    }

    static ValueType<Rate> rate() {
        return new ValueType<>(
                "a number of requests per second, minute or hour, such as 10/s, 100/m or 1000/h", Rate::parse);
    }

    static ValueType<String> answer() {
        return new ValueType<>("a text of up to " + LONGEST_ANSWER + " characters", text -> {
            require(text.length() <= LONGEST_ANSWER);
            return text;
        });
    }

    private static <T> ValueType<List<T>> listOf(String allowed, String separator, Function<String, T> reader) {
        return new ValueType<>(allowed, text -> parts(text, separator, reader), false, separator);
    }

    private static <T> List<T> parts(String text, String separator, Function<String, T> reader) {
        return Arrays.stream(text.split(separator, -1))
                .map(String::strip)
                .map(reader)
                .toList();
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
    }
}
