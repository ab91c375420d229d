package dev.turnout.proxy.http2;

import dev.turnout.support.wire.Field;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A second reading of RFC 9113, section 8, by patterns: which lists of fields are a request, without a limit. */
final class WellFormed {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9a-z]+");
    private static final Pattern VALUE =
            Pattern.compile("|[!-~\\x80-\\xff]|[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*[!-~\\x80-\\xff]");
    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9a-zA-Z]+");
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^#]]*");
    private static final Pattern AUTHORITY = Pattern.compile("[!-~&&[^#]]*");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final List<String> PSEUDO = List.of(":method", ":scheme", ":authority", ":path", ":protocol");
    private static final List<String> OF_CONNECTION =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private WellFormed() {}

    static BlockVerdict request(List<Field> fields, boolean endsStream) {
        long pseudoHeaders = fields.stream().takeWhile(WellFormed::isPseudo).count();
        Map<String, List<String>> all = fields.stream()
                .collect(Collectors.groupingBy(Field::name, Collectors.mapping(Field::value, Collectors.toList())));
        boolean isWhole = fields.stream().skip(pseudoHeaders).noneMatch(WellFormed::isPseudo)
                && fields.stream().limit(pseudoHeaders).allMatch(field -> PSEUDO.contains(field.name()))
                && PSEUDO.stream()
                        .allMatch(name -> all.getOrDefault(name, List.of()).size() < 2)
                && fields.stream().skip(pseudoHeaders).allMatch(field -> matches(NAME, field.name()))
                && fields.stream().allMatch(field -> matches(VALUE, field.value()))
                && OF_CONNECTION.stream().noneMatch(all::containsKey)
                && all.getOrDefault("te", List.of()).stream().allMatch("trailers"::equalsIgnoreCase)
                && isLength(all, endsStream)
                && isHost(all);
        if (!isWhole) {
            return BlockVerdict.MALFORMED;
        }
        boolean isConnect = List.of("CONNECT").equals(all.get(":method"));
        if (isConnect && all.containsKey("content-length")) {
            return BlockVerdict.MALFORMED;
        }
        if (isConnect && !all.containsKey(":protocol")) {
            boolean hasOnlyAuthority =
                    all.containsKey(":authority") && !all.containsKey(":scheme") && !all.containsKey(":path");
            return hasOnlyAuthority ? BlockVerdict.UNSUPPORTED : BlockVerdict.MALFORMED;
        }
        if (!isRequestLine(all) || !isConnect && all.containsKey(":protocol")) {
            return BlockVerdict.MALFORMED;
        }
        return isConnect && !List.of("websocket").equals(all.get(":protocol"))
                ? BlockVerdict.UNSUPPORTED
                : BlockVerdict.WHOLE;
    }

    private static boolean isPseudo(Field field) {
        return field.name().startsWith(":");
    }

    private static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(text).matches();
    }

    private static String only(Map<String, List<String>> all, String name) {
        return all.getOrDefault(name, List.of("")).get(0);
    }

    private static boolean isLength(Map<String, List<String>> all, boolean endsStream) {
        List<String> lengths = all.getOrDefault("content-length", List.of());
        return lengths.isEmpty()
                || lengths.size() == 1
                        && matches(LENGTH, lengths.get(0))
                        && !(endsStream && Long.parseLong(lengths.get(0)) > 0);
    }

    private static boolean isHost(Map<String, List<String>> all) {
        List<String> hosts = all.getOrDefault("host", List.of());
        return hosts.isEmpty()
                || hosts.size() == 1
                        && (!all.containsKey(":authority") || hosts.get(0).equalsIgnoreCase(only(all, ":authority")));
    }

    private static boolean isRequestLine(Map<String, List<String>> all) {
        String method = only(all, ":method");
        String path = only(all, ":path");
        return matches(METHOD, method)
                && List.of("http", "https").contains(only(all, ":scheme"))
                && (matches(PATH, path) || path.equals("*") && method.equals("OPTIONS"))
                && matches(AUTHORITY, only(all, ":authority"));
    }
}
