package dev.turnout.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.loop.Stopping;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A target that has streams and is silent")
final class Http2SilenceTest {

    private final ManualDeadlines time = new ManualDeadlines();
    private final LoopContext loop = time.loop(new EmbeddedChannel().eventLoop(), new Stopping());
    private final Http2Silence silence = new Http2Silence(loop.deadlines(), new Http2Silence.Owner() {
        @Override
        public void look() {
            looked++;
        }

        @Override
        public void ask() {
            asked++;
        }

        @Override
        public void gone() {
            gone++;
        }
    });
    private int looked;
    private int asked;
    private int gone;

    private void pass(int seconds) {
        time.pass(seconds * 1000L);
    }

    @Test
    void is_asked_after_half_a_minute_and_given_up_without_an_answer() {
        silence.begin();
        pass(29);
        assertThat(asked).isZero();
        pass(2);
        assertThat(asked).isEqualTo(1);
        pass(19);
        assertThat(gone).isZero();
        pass(2);
        assertThat(gone).isEqualTo(1);
    }

    @Test
    void that_answers_is_asked_so_seldom_that_no_server_of_grpc_minds() {
        silence.begin();
        pass(31);
        silence.answered();
        pass(300);
        assertThat(asked).as("less than 5 minutes later").isEqualTo(1);
        pass(40);
        assertThat(asked).isEqualTo(2);
        assertThat(gone).isZero();
    }

    @Test
    void is_not_asked_while_it_sends() {
        silence.begin();
        for (int i = 0; i < 10; i++) {
            pass(20);
            silence.heard();
        }
        assertThat(asked).isZero();
        assertThat(looked).as("as often as it was listened to").isEqualTo(5);
        pass(31);
        pass(31);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void that_was_left_alone_and_has_sent_since_is_looked_at_as_at_first() {
        silence.begin();
        pass(31);
        silence.answered();
        silence.heard();
        pass(31);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void that_has_no_stream_any_more_is_not_asked() {
        silence.begin();
        silence.end();
        pass(600);
        assertThat(asked).isZero();
    }
}
