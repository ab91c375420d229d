package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.KnownMethod;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The record of a request that was refused")
final class ExchangeRecordTest {

    @ParameterizedTest
    @EnumSource(
            value = LocalReply.Form.class,
            names = {"PAGE", "PROBLEM", "TEXT"})
    void has_the_bytes_of_the_answer_but_none_for_head(LocalReply.Form form) {
        LocalReply reply = LocalReplies.NO_SERVICE;

        assertThat(refused(KnownMethod.GET, reply, form).bytes()).isEqualTo(reply.length(form));
        assertThat(refused(KnownMethod.HEAD, reply, form).bytes()).isZero();
    }

    private static ExchangeRecord refused(KnownMethod method, LocalReply reply, LocalReply.Form form) {
        return ExchangeRecord.refused("192.0.2.1", "HTTP/1.1", null, method, reply, form, () -> 0);
    }
}
