package dev.turnout;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/**
 * SIGHUP, which would end the process with 0, so that systemd does not start it again.
 *
 * <p>{@code sun.misc.Signal} is reached by its name: a compiler of JDK 25 warns of each direct use, and no option takes
 * that back. The names are constants, so that the builder of the native executable finds them.
 */
final class HangUp {

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private HangUp() {}

    /** Ignores the signal from now on, and says what to do instead. */
    static void ignore() {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> warn();
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "the handler of SIGHUP";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {signalHandler}, handler);
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, signalHandler).invoke(null, hangUp, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // The JVM was told to leave signals alone (-Xrs), or it has no such class.
            LOG.debugf("SIGHUP is as the system has it: %s", e);
        }
    }

    private static Object warn() {
        LOG.warn("SIGHUP is ignored: Turnout goes on with the configuration of its start. To read it again, restart:"
                + " systemctl restart turnout, or deploy/restart.sh. To stop, send SIGTERM.");
        return null;
    }
}
