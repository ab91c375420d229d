package dev.turnout.nginx;

import dev.turnout.nginx.Directive.Word;
import dev.turnout.routing.Target;
import java.util.List;

/**
 * The tutorial's include: {@code set $service_url http://127.0.0.1:8080;}. The variable may have any name.
 *
 * @param text of the whole file
 * @param target that the URL names
 * @param start index of the URL's {@code host:port} in the text
 * @param end index after that text
 */
record VariableInclude(String text, Target target, int start, int end) implements Include {

    /** The text that the tutorial's {@code echo ... | tee} writes, byte for byte. */
    static final String TEMPLATE = "set $service_url http://127.0.0.1:8080;\n";

    private static final String SCHEME = "http://";

    static VariableInclude read(String text) {
        List<Directive> directives = DirectiveReader.read(text);
        if (directives.isEmpty()) {
            throw new IncludeRefused(
                    "there is no 'set' in it; style=variable means one line such as " + TEMPLATE.strip());
        }
        Directive set = directives.get(0);
        if (set.name().equals("upstream")) {
            throw new IncludeRefused("it holds an upstream block: that is turnout.nginx.style=upstream");
        }
        if (directives.size() > 1) {
            throw new IncludeRefused("besides '" + set.name() + "' it holds '"
                    + directives.get(1).name() + "'; style=variable means one line such as " + TEMPLATE.strip());
        }
        if (!set.name().equals("set")
                || set.arguments() != 2
                || set.block().isPresent()
                || !set.argument(0).value().startsWith("$")) {
            throw new IncludeRefused("'" + set.name() + "' is not understood; style=variable means one line such as "
                    + TEMPLATE.strip());
        }
        return ofUrl(text, set.argument(1));
    }

    private static VariableInclude ofUrl(String text, Word url) {
        if (!url.value().startsWith(SCHEME)) {
            throw new IncludeRefused("'" + url.value() + "' does not begin with " + SCHEME);
        }
        int start = text.indexOf(SCHEME, url.start()) + SCHEME.length();
        int slash = text.indexOf('/', start);
        int quote = text.charAt(url.start()) == '"' || text.charAt(url.start()) == '\'' ? 1 : 0;
        int end = slash >= 0 && slash < url.end() ? slash : url.end() - quote;
        return new VariableInclude(text, ServerAddress.read(text.substring(start, end)), start, end);
    }

    @Override
    public Route route() {
        return Route.to(target);
    }

    /** @throws IllegalArgumentException if the route has not exactly one target with traffic */
    @Override
    public byte[] with(Route route) {
        if (route.serving().size() != 1) {
            throw new IllegalArgumentException("one variable cannot name " + route);
        }
        Target next = route.serving().iterator().next();
        return Include.bytes(text.substring(0, start) + next + text.substring(end));
    }
}
