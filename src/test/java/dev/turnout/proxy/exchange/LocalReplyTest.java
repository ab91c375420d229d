package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LocalReplyTest {

    private static final byte[] DATE = "Date: now\r\n".getBytes(US_ASCII);

    static Stream<LocalReply> all() {
        Stream<LocalReply> own = Arrays.stream(LocalReplies.class.getDeclaredFields())
                .filter(field -> field.getType() == LocalReply.class)
                .map(LocalReplyTest::value);
        Stream<LocalReply> ofRejections = Arrays.stream(Rejection.values())
                .flatMap(why -> Stream.of(
                        LocalReply.to(why), new LocalReply(502, "bad-response: " + why.cause(), why.explanation())));
        return Stream.concat(own, ofRejections);
    }

    private static LocalReply value(Field field) {
        try {
            return (LocalReply) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String written(LocalReply answer, boolean head, boolean close) {
        ByteBuf out = answer.write(UnpooledByteBufAllocator.DEFAULT, LocalReply.Form.PROBLEM, head, close, DATE);
        try {
            return out.toString(UTF_8);
        } finally {
            out.release();
        }
    }

    private static JsonObject problem(LocalReply answer) {
        return new JsonObject(written(answer, false, false).split("\r\n\r\n", 2)[1]);
    }

    /** RFC 9457, section 3.1.1; a URN by RFC 8141. */
    @ParameterizedTest
    @MethodSource("all")
    void the_type_of_every_problem_is_a_uri(LocalReply answer) {
        assertThat(problem(answer).getString("type")).matches("urn:turnout:problem:[a-z0-9]+(-[a-z0-9]+)*");
    }

    @Test
    void what_is_wrong_with_a_response_is_the_problem_s_reason() {
        JsonObject problem = problem(LocalReplies.BAD_RESPONSE_BODY);
        assertThat(problem.getString("type")).isEqualTo("urn:turnout:problem:bad-response");
        assertThat(problem.getString("reason")).isEqualTo("bad-chunk");
        assertThat(written(LocalReplies.BAD_RESPONSE_BODY, false, false))
                .contains("\r\nX-Turnout: bad-response: bad-chunk\r\n");
        assertThat(problem(LocalReplies.NO_TARGET).containsKey("reason")).isFalse();
    }

    @Test
    void what_an_operator_wrote_is_only_text_in_every_form() {
        LocalReply answer = new LocalReply(503, "maintenance", "<b>점검</b> & \"50%\"", "", 600);

        assertThat(new String(answer.content(LocalReply.Form.PAGE), UTF_8))
                .contains("&lt;b&gt;점검&lt;/b&gt; &amp; &quot;50%&quot;")
                .doesNotContain("<b>");
        assertThat(problem(answer).getString("detail")).isEqualTo("<b>점검</b> & \"50%\"");
        assertThat(answer.fields(LocalReply.Form.CALL))
                .contains("grpc-message: <b>%EC%A0%90%EA%B2%80</b> & \"50%25\"\r\n");
        assertThat(answer.fields(LocalReply.Form.PAGE)).contains("Retry-After: 600\r\n");
    }

    @Test
    void every_answer_has_its_date_and_says_what_becomes_of_the_connection() {
        assertThat(written(LocalReplies.NO_TARGET, true, false))
                .endsWith("Connection: keep-alive\r\nDate: now\r\n\r\n");
        assertThat(written(LocalReplies.NO_TARGET, true, true)).endsWith("Connection: close\r\nDate: now\r\n\r\n");
    }
}
