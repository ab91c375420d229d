package dev.turnout.deploy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An application that starts in a moment. It answers with its port and version, and with what a proxy tells of the client. */
final class TinyApplication {

    private static final String NAME = TinyApplication.class.getName();

    private TinyApplication() {}

    /** Returns a jar for {@code java -Dserver.port=PORT -jar}, with a version in its manifest. */
    static byte[] jar(String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, NAME);
        attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        String file = NAME.replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest);
                InputStream compiled = TinyApplication.class.getResourceAsStream("/" + file)) {
            jar.putNextEntry(new JarEntry(file));
            compiled.transferTo(jar);
        }
        return bytes.toByteArray();
    }

    public static void main(String... arguments) throws IOException {
        int port = Integer.getInteger("server.port");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        String version = TinyApplication.class.getPackage().getImplementationVersion();
        server.createContext("/", exchange -> {
            String text = "port " + port + " version " + version + " host "
                    + exchange.getRequestHeaders().getFirst("Host") + " for "
                    + exchange.getRequestHeaders().getFirst("X-Forwarded-For") + " by "
                    + exchange.getRequestHeaders().getFirst("X-Forwarded-Proto") + "\n";
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
