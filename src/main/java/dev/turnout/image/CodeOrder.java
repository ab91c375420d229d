package dev.turnout.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.graalvm.nativeimage.ImageSingletons;
import org.graalvm.nativeimage.hosted.Feature;
import org.jboss.logging.Logger;

/**
 * Has the methods that a run of Turnout calls stand together, at the beginning of the executable's code. The builder
 * sorts all methods by their names. Then each piece of code that the system reads has something that is needed, and
 * twice as much of the file is in memory. {@code deploy/package/code-order.sh} writes the list.
 *
 * <p>The builder has a place for another order, but hands it out to its own extensions only. So this class uses names of
 * the builder's inside.
 */
public final class CodeOrder implements Feature {

    private static final Logger LOG = Logger.getLogger(CodeOrder.class);

    private static final String LIST = "/META-INF/native-image/dev.turnout/turnout/code-order.txt";
    private static final String BUILDER = "com.oracle.svm.hosted.";

    /** With less than this share of the list in the program, the list is another program's. */
    private static final double LEAST_KNOWN = 0.7;

    /** A builder that is made otherwise inside sorts as it does without this. */
    @Override
    public void beforeCompilation(BeforeCompilationAccess access) {
        try {
            Class<?> layouter = Class.forName(BUILDER + "code.CodeSectionLayouter");
            if (!ImageSingletons.contains(layouter)) {
                throw new IllegalStateException("it has no order yet");
            }
            replace(layouter, sorting(layouter, ImageSingletons.lookup(layouter), read()));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warnf(
                    "The methods stand in the order of their names (%s). The executable works, and takes more memory.",
                    e);
        }
    }

    private static MethodOrder read() {
        try (InputStream list = CodeOrder.class.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalStateException(LIST + " is missing");
            }
            return MethodOrder.read(new InputStreamReader(list, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what sorts by the list what {@code usual} has sorted. */
    private static Object sorting(Class<?> layouter, Object usual, MethodOrder order)
            throws ReflectiveOperationException {
        Method symbol = Class.forName(BUILDER + "meta.HostedMethod").getMethod("getUniqueShortName");
        return Proxy.newProxyInstance(
                layouter.getClassLoader(), new Class<?>[] {layouter}, (proxy, method, arguments) -> {
                    Object sorted = method.invoke(usual, arguments);
                    return sorted instanceof List<?> methods ? sorted(methods, symbol, order) : sorted;
                });
    }

    private static List<?> sorted(List<?> methods, Method symbol, MethodOrder order) {
        double known = order.known(
                methods.stream().map(method -> symbol(method, symbol)).toList());
        if (known < LEAST_KNOWN) {
            LOG.warnf(
                    "%d %% of the methods in %s are not in this program. deploy/package/code-order.sh writes the list anew.",
                    Math.round(100 - 100 * known), LIST);
        }
        return order.sorted(methods, method -> symbol(method, symbol));
    }

    private static String symbol(Object method, Method symbol) {
        try {
            return (String) symbol.invoke(method);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("how does this builder name a method?", e);
        }
    }

    /** Replaces the only object of a kind that the builder has. It refuses to when it is asked in its own way. */
    private static void replace(Class<?> kind, Object replacement) throws ReflectiveOperationException {
        Class<?> holder = Class.forName(BUILDER + "ImageSingletonsSupportImpl$HostedManagement");
        Field objects = holder.getDeclaredField("configObjects");
        objects.setAccessible(true);
        @SuppressWarnings("unchecked")
        Map<Class<?>, Object> only =
                (Map<Class<?>, Object>) objects.get(holder.getMethod("get").invoke(null));
        only.put(kind, replacement);
    }
}
