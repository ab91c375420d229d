package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReadyLineTest {

    @Test
    void is_found_in_what_turnout_prints() {
        assertThat(ReadyLine.find("Turnout 0.1.0 ready in 0.9 s: front http://127.0.0.1:41234, "
                        + "admin http://127.0.0.1:38121, default -> blue (127.0.0.1:8080), revision 1"))
                .contains(new ReadyLine(
                        "0.1.0",
                        URI.create("http://127.0.0.1:41234"),
                        Optional.empty(),
                        URI.create("http://127.0.0.1:38121"),
                        "blue",
                        1));
    }

    @Test
    void names_the_port_for_https_beside_the_plain_one_or_alone() {
        assertThat(ReadyLine.find(
                        "Turnout 0.1.0 ready in 0.9 s: front http://127.0.0.1:41234, https://127.0.0.1:41235, "
                                + "admin http://127.0.0.1:38121, default -> blue (127.0.0.1:8080), revision 1"))
                .contains(new ReadyLine(
                        "0.1.0",
                        URI.create("http://127.0.0.1:41234"),
                        Optional.of(URI.create("https://127.0.0.1:41235")),
                        URI.create("http://127.0.0.1:38121"),
                        "blue",
                        1));
        assertThat(ReadyLine.find("Turnout 0.1.0 ready in 0.9 s: front https://127.0.0.1:41235, "
                        + "admin http://127.0.0.1:38121, default -> blue (127.0.0.1:8080), revision 1"))
                .map(ReadyLine::secureFront)
                .contains(Optional.of(URI.create("https://127.0.0.1:41235")));
    }

    @Test
    void is_not_found_in_anything_else() {
        assertThat(ReadyLine.find("Turnout 0.1.0 on JVM started in 0.9s. Listening on: http://127.0.0.1:1"))
                .isEmpty();
    }
}
