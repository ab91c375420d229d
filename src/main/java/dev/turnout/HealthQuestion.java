package dev.turnout;

import dev.turnout.config.AdminAddress;
import dev.turnout.routing.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * The command {@value #WORD}: asks the Turnout that runs with the same configuration for its health. A container without
 * any other program uses the command as its health check.
 *
 * <p>The command asks for the liveness, not for the sum at {@code /q/health}: a container whose application is down must not
 * be restarted. Load balancers ask for the readiness, at {@code /q/health/ready} or {@code turnout.ready.path}.
 */
final class HealthQuestion {

    /** The argument of the command line. */
    static final String WORD = "health";

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MOST_BYTES = 64 << 10;

    private HealthQuestion() {}

    /**
     * Asks, and prints the answer. Blocks.
     *
     * @return the exit code: 0 if that Turnout is healthy, else 1
     */
    static int ask(AdminAddress admin) {
        URI address = admin.resolve("/q/health/live");
        try {
            HttpURLConnection call = (HttpURLConnection) address.toURL().openConnection();
            call.setConnectTimeout(TIMEOUT_MILLIS);
            call.setReadTimeout(TIMEOUT_MILLIS);
            boolean isHealthy = call.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream answer = isHealthy ? call.getInputStream() : call.getErrorStream()) {
                System.out.println(
                        answer == null ? "status " + call.getResponseCode() : visible(answer.readNBytes(MOST_BYTES)));
            }
            return isHealthy ? 0 : 1;
        } catch (IOException e) {
            System.err.println("Turnout does not answer at " + address + ": " + e.getMessage());
            return 1;
        }
    }

    /** Returns visible text: any program may answer at the address. Line ends stay, nothing else moves a cursor. */
    private static String visible(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8)
                .lines()
                .map(VisibleText::of)
                .collect(Collectors.joining("\n"));
    }
}
