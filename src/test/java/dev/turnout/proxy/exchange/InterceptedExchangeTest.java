package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.Balance;
import dev.turnout.config.ErrorPages;
import dev.turnout.config.StatusRanges;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.route.Matches;
import dev.turnout.proxy.route.ServiceMatch;
import dev.turnout.routing.Service;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An exchange whose client, a browser, gets a page in the place of the target's error")
final class InterceptedExchangeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n";
    private static final String NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\nabc";

    private final ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);

    @BeforeEach
    void intercept(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "<p>sorry</p>");
        fixture.context.show(ErrorPages.read(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "turnout.blue",
                                "127.0.0.1:1",
                                "turnout.green",
                                "127.0.0.1:2",
                                "turnout.errors.404",
                                page.toString()),
                        "test",
                        500))
                .build())));
        fixture.routing.apply(List.of(intercepting(Matches.ofAll(Service.DEFAULT, Balance.ROUND_ROBIN))));
        fixture.publish(false, List.of(ExchangeFixture.FIRST));
        fixture.start(GET, MessageBody.ofLength(0), null).connected();
    }

    private static ServiceMatch intercepting(ServiceMatch match) {
        return new ServiceMatch(
                match.service(),
                match.hosts(),
                match.path(),
                match.stripsPath(),
                match.redirectsToTls(),
                match.strictTransport(),
                match.balance(),
                match.protocol(),
                match.connections(),
                match.stickiness(),
                match.rules(),
                match.assets(),
                StatusRanges.parse("404"),
                match.requests(),
                match.targets());
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(fixture.inFlight()).isZero();
        assertThat(fixture.records).hasSize(1);
        assertThat(fixture.context.requests().list()).isEmpty();
        fixture.assertReleased();
    }

    @Test
    void takes_the_rest_of_the_error_so_that_the_connection_can_go_on() {
        fixture.answered(NOT_FOUND);
        assertThat(fixture.client.reply.page()).contains("sorry");
        fixture.sent("def");

        assertThat(fixture.target.kept).isTrue();
    }

    @Test
    void takes_it_also_where_the_page_cannot_be_sent_and_ends_once() {
        fixture.client.failure = new IllegalStateException("the client is broken");
        assertThatThrownBy(() -> fixture.answered(NOT_FOUND)).hasMessage("the client is broken");
        fixture.sent("def");

        assertThat(fixture.target.kept).isTrue();
        assertThat(fixture.client.ends).isEmpty();
    }
}
