package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.client.AdminClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AnswerCheckTest {

    @Test
    void a_page_that_is_not_turnouts_is_a_warning_and_a_closed_port_is_a_note() throws IOException {
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("hi".getBytes());
            exchange.close();
        });
        site.start();
        URI place = URI.create("http://127.0.0.1:" + site.getAddress().getPort());
        AnswerCheck check = new AnswerCheck(new AdminClient(place, Optional.empty(), Optional.empty()));

        assertThat(check.look()).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
        site.stop(0);
        assertThat(check.look()).singleElement().extracting(Finding::severity).isEqualTo(Severity.ADVICE);
    }
}
