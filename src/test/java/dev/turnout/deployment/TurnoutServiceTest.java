package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.client.AdminOutcome;
import dev.turnout.text.Phrase;
import org.junit.jupiter.api.Test;

final class TurnoutServiceTest {

    @Test
    void a_connection_that_is_not_secure_is_told_with_its_reason() {
        Phrase reason = new Phrase("the certificate has ended", "인증서가 만료되었습니다");
        Phrase advice = new Phrase("Renew it", "갱신하세요");

        assertThat(TurnoutService.reason(new AdminOutcome.Insecure(reason, advice)))
                .isEqualTo("the certificate has ended");
    }
}
