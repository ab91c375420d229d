package dev.turnout.doctor;

import dev.turnout.routing.Target;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Whether targets that Turnout speaks HTTP/2 with over plain connections speak it. Measured. */
final class Http2TargetsCheck implements Check {

    private static final String WORD = "http2";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ENOUGH = 256;

    private final List<AskedTarget> targets;

    Http2TargetsCheck(List<AskedTarget> targets) {
        this.targets = List.copyOf(targets);
    }

    @Override
    public List<Finding> look() {
        return targets.stream().map(Http2TargetsCheck::look).toList();
    }

    private static Finding look(AskedTarget asked) {
        Target target = asked.target();
        try (TimedConnection connection = asked.open(PATIENCE)) {
            connection.write(asked.firstWords());
            byte[] first = new byte[ENOUGH];
            int count = connection.read(first, PATIENCE.toMillis());
            return Http2Greeting.isOfServer(first, count) ? speaks(target) : speaksNot(target);
        } catch (IOException e) {
            return silent(target);
        }
    }

    private static Finding speaks(Target target) {
        return Finding.good(
                WORD, new Phrase(target + " speaks HTTP/2 without TLS", target + "은(는) TLS 없이 HTTP/2로 통신합니다"));
    }

    private static Finding speaksNot(Target target) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        target + " does not answer in HTTP/2, which its service has as protocol=h2c",
                        target + "이(가) HTTP/2로 응답하지 않는데 서비스 설정은 protocol=h2c입니다"),
                new Phrase(
                        "Use the application's port for HTTP/2 without TLS, or remove protocol=h2c",
                        "TLS 없는 HTTP/2를 받는 애플리케이션 포트를 쓰거나 protocol=h2c를 지우세요"));
    }

    private static Finding silent(Target target) {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        "Whether " + target + " speaks HTTP/2 is not known: it does not answer",
                        target + "이(가) 응답하지 않아 HTTP/2로 통신하는지 알 수 없습니다"),
                new Phrase("Run this again while the application runs", "애플리케이션이 실행 중일 때 다시 실행하세요"));
    }
}
