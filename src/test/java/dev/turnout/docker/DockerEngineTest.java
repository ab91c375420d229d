package dev.turnout.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DockerConfig.ContainerAddress;
import dev.turnout.routing.ContainerAnswer;
import dev.turnout.routing.ContainerAnswer.Failed;
import dev.turnout.routing.ContainerAnswer.Found;
import dev.turnout.routing.FoundContainer;
import dev.turnout.support.Await;
import dev.turnout.support.ContainerEngine;
import dev.turnout.support.ContainerEngine.Mood;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A container engine at its socket")
final class DockerEngineTest {

    private static final Map<String, String> LABELS = Map.of("turnout.service", "default");
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private ContainerEngine engine;
    private DockerEngine asked;

    @BeforeEach
    void start() {
        Path socket = folder.resolve("docker.sock");
        engine = ContainerEngine.at(socket);
        asked = new DockerEngine(vertx, socket, Optional.empty(), ContainerAddress.CONTAINER);
    }

    @AfterEach
    void stop() {
        asked.close();
        engine.close();
        vertx.close();
    }

    private List<String> found() {
        ContainerAnswer answer = asked.list();
        assertThat(answer).isInstanceOf(Found.class);
        return ((Found) answer).containers().stream().map(FoundContainer::id).toList();
    }

    private String failed() {
        ContainerAnswer answer = asked.list();
        assertThat(answer).isInstanceOf(Failed.class);
        return ((Failed) answer).reason();
    }

    @Test
    void is_asked_in_the_version_that_it_names_for_running_containers_with_the_label() {
        engine.runSilently(ContainerEngine.container("c1", "172.18.0.5", 80, LABELS));
        engine.runSilently(ContainerEngine.container("c2", "172.18.0.6", 80, Map.of()));
        engine.runSilently(
                ContainerEngine.container("c3", "172.18.0.7", 80, LABELS).put("State", "exited"));

        assertThat(found()).containsExactly("c1");
        assertThat(engine.calls()).containsExactly("/_ping", "/v1.44/events", "/v1.44/containers/json");
    }

    @Test
    void tells_of_a_container_that_comes() throws InterruptedException {
        assertThat(found()).isEmpty();
        Await.until("the stream is open", () -> engine.streams() == 1);
        assertThat(asked.await(Duration.ofMillis(1))).isFalse();

        engine.run(ContainerEngine.container("c1", "172.18.0.5", 80, LABELS));

        assertThat(asked.await(LONG)).isTrue();
        assertThat(found()).containsExactly("c1");
        assertThat(engine.streams()).as("one stream serves all lists").isEqualTo(1);
    }

    @Test
    void has_its_list_asked_for_again_when_the_stream_ends_and_the_stream_opened_again() throws InterruptedException {
        found();
        Await.until("the stream is open", () -> engine.streams() == 1);

        engine.endStreams();

        assertThat(asked.await(LONG)).isTrue();
        Await.until("the stream is open again", () -> {
            found();
            return engine.streams() == 1;
        });
    }

    @Test
    void is_enough_without_events() throws InterruptedException {
        engine.mood(Mood.NO_EVENTS);
        engine.run(ContainerEngine.container("c1", "172.18.0.5", 80, LABELS));

        assertThat(found()).containsExactly("c1");
        assertThat(asked.hasEvents()).isFalse();
        assertThat(asked.await(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void may_be_gone_and_come_back() {
        found();
        engine.stop();
        assertThat(failed()).containsIgnoringCase("refused");
        engine.start();
        assertThat(found()).isEmpty();
    }

    @Test
    void may_never_have_been_there() {
        DockerEngine nowhere =
                new DockerEngine(vertx, folder.resolve("none.sock"), Optional.empty(), ContainerAddress.CONTAINER);
        assertThat(((Failed) nowhere.list()).reason()).contains("none.sock");
        nowhere.close();
    }

    @Test
    void may_answer_with_an_error_with_nonsense_or_with_too_much() {
        engine.mood(Mood.FAILS);
        assertThat(failed()).contains("500", "something is broken");
        engine.mood(Mood.BABBLES);
        assertThat(failed()).contains("not a list of containers");
        engine.mood(Mood.FLOODS);
        assertThat(failed()).contains("more than 4194304 bytes");
        engine.mood(Mood.ANSWERS);
        assertThat(found()).isEmpty();
    }

    @Test
    void costs_no_more_than_a_time_if_it_is_silent_and_no_connection_is_left() {
        asked.close();
        asked = new DockerEngine(
                vertx, engine.socket(), Optional.empty(), ContainerAddress.CONTAINER, Duration.ofSeconds(1));
        engine.mood(Mood.SILENT);
        for (int i = 0; i < 3; i++) {
            assertThat(failed()).contains("not answered for 1 s");
        }
        engine.mood(Mood.ANSWERS);
        for (int i = 0; i < 4; i++) {
            assertThat(found()).isEmpty();
        }
    }

    @Test
    void may_have_too_many_containers() {
        for (int i = 0; i <= 512; i++) {
            engine.runSilently(ContainerEngine.container("c" + i, "172.18.1.1", 80, LABELS));
        }
        assertThat(failed()).contains("513 containers", "512");
    }
}
