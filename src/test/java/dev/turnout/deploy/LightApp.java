package dev.turnout.deploy;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * An application that starts in a moment. It answers each request with its version, and with 200 unless it is told
 * another status. It never answers a request for {@value #HELD}.
 */
public final class LightApp {

    static final String HELD = "/held";

    private LightApp() {}

    /**
     * @param arguments the port, the version, and one of these: the status if it is not 200; a path, for 503 while there is
     *     a file; "ends", which ends with the second request
     */
    public static void main(String... arguments) throws IOException {
        String version = arguments[1];
        String special = arguments.length > 2 ? arguments[2] : "200";
        boolean ends = special.equals("ends");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            if (ends) {
                System.out.println("this version ends itself");
                Runtime.getRuntime().halt(3);
            }
            if (exchange.getRequestURI().getPath().equals(HELD)) {
                return;
            }
            byte[] body = version.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status(special), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static int status(String special) {
        if (special.startsWith("/")) {
            return Files.exists(Path.of(special)) ? 503 : 200;
        }
        return Integer.parseInt(special);
    }

    /** The words that start it with these arguments. */
    public static List<String> command(String... arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path classes = new File(LightApp.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toPath();
        List<String> words = new java.util.ArrayList<>(List.of(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                classes.toString(),
                LightApp.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }
}
