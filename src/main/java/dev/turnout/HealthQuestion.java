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
 * Asks the Turnout that runs with this process's configuration how it is, as the health check of a container does that
 * has no other program in it.
 */
final class HealthQuestion {

    /** The argument that asks for it. */
    static final String WORD = "health";

    private static final int PATIENCE_MILLIS = 2_000;
    private static final int MOST_BYTES = 64 << 10;

    private HealthQuestion() {}

    /**
     * Asks, and prints the answer.
     *
     * @return 0 if it is well, else 1: the exit code
     */
    static int ask(AdminAddress admin) {
        URI address = admin.resolve("/q/health");
        try {
            HttpURLConnection call = (HttpURLConnection) address.toURL().openConnection();
            call.setConnectTimeout(PATIENCE_MILLIS);
            call.setReadTimeout(PATIENCE_MILLIS);
            boolean isWell = call.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream answer = isWell ? call.getInputStream() : call.getErrorStream()) {
                System.out.println(
                        answer == null ? "status " + call.getResponseCode() : visible(answer.readNBytes(MOST_BYTES)));
            }
            return isWell ? 0 : 1;
        } catch (IOException e) {
            System.err.println("Turnout does not answer at " + address + ": " + e.getMessage());
            return 1;
        }
    }

    /** Who answers there may be anybody: line ends stay, and nothing else that moves a cursor. */
    private static String visible(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8)
                .lines()
                .map(VisibleText::of)
                .collect(Collectors.joining("\n"));
    }
}
