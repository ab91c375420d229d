package dev.turnout.doctor;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.Target;
import dev.turnout.text.Phrase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Whether targets keep idle connections for longer than Turnout does. Measured, all targets at the same time. A target
 * that closes first may close just when Turnout sends a request.
 */
final class KeepAliveCheck implements Check {

    private static final String WORD = "keep-alive";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BEYOND = Duration.ofSeconds(1);
    private static final double MILLIS_PER_SECOND = 1_000;

    private final List<AskedTarget> targets;
    private final Duration idle;

    /**
     * @param targets the targets that are spoken to in HTTP/1.1
     * @param idle {@code turnout.upstream.idle}
     */
    KeepAliveCheck(List<AskedTarget> targets, Duration idle) {
        this.targets = List.copyOf(targets);
        this.idle = idle;
    }

    @Override
    public List<Finding> look() {
        if (idle.isZero()) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "turnout.upstream.idle is 0: no connection is used again",
                            "turnout.upstream.idle 이 0이어서 연결을 재사용하지 않습니다")));
        }
        Map<Target, CompletableFuture<KeepAlive>> measured = new LinkedHashMap<>();
        targets.forEach(asked -> measured.put(asked.target(), begin(asked)));
        List<Finding> findings = new ArrayList<>();
        measured.forEach((target, result) -> findings.add(of(target, result.join())));
        return findings;
    }

    private CompletableFuture<KeepAlive> begin(AskedTarget asked) {
        CompletableFuture<KeepAlive> result = new CompletableFuture<>();
        DaemonThread.start("turnout-doctor-" + asked.target(), () -> {
            try {
                result.complete(KeepAlive.measure(asked, PATIENCE, idle.plus(BEYOND)));
            } catch (RuntimeException e) {
                result.complete(KeepAlive.NO_RESPONSE);
            }
        });
        return result;
    }

    private Finding of(Target target, KeepAlive result) {
        if (result instanceof KeepAlive.Closed closed && closed.after().compareTo(idle) <= 0) {
            return tooShort(target, closed.after());
        }
        if (result instanceof KeepAlive.NotMeasured failed) {
            return new Finding(
                    Severity.ADVICE,
                    WORD,
                    new Phrase(
                            target + " could not be measured: "
                                    + failed.reason().english(),
                            target + "을(를) 측정할 수 없습니다: " + failed.reason().korean()),
                    new Phrase("Run this again while the application runs", "애플리케이션이 실행 중일 때 다시 실행하세요"));
        }
        if (result instanceof KeepAlive.SpeaksHttp2) {
            return new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(
                            target + " answers in HTTP/2, and Turnout speaks HTTP/1.1 with it",
                            target + "이(가) HTTP/2로 응답하는데 Turnout은 HTTP/1.1로 통신합니다"),
                    new Phrase(
                            "Set turnout.protocol=h2c (turnout.services.NAME.protocol for a service)",
                            "turnout.protocol=h2c로 설정하세요(서비스는 turnout.services.NAME.protocol)"));
        }
        if (result instanceof KeepAlive.Announced) {
            return Finding.good(
                    WORD,
                    new Phrase(target + " announces when it closes a connection", target + "은(는) 연결을 언제 닫을지 알려 줍니다"));
        }
        return Finding.good(
                WORD,
                new Phrase(
                        target + " keeps idle connections for longer than turnout.upstream.idle=" + seconds(idle),
                        target + "은(는) turnout.upstream.idle=" + seconds(idle) + " 보다 오래 유휴 연결을 유지합니다"));
    }

    private Finding tooShort(Target target, Duration after) {
        String better = after.toMillis() > 1_500 ? (after.toMillis() - 500) / 500 * 500 + "ms" : "0";
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        target + " closes idle connections after " + seconds(after) + ", turnout.upstream.idle is "
                                + seconds(idle) + ": a request may meet a connection that closes",
                        target + "이(가) 유휴 연결을 " + seconds(after) + " 뒤에 닫는데 turnout.upstream.idle 은 " + seconds(idle)
                                + "입니다. 요청이 닫히는 연결로 갈 수 있습니다"),
                new Phrase(
                        "Set turnout.upstream.idle=" + better
                                + ", or keep connections longer in the application (Spring"
                                + " Boot: server.tomcat.keep-alive-timeout=30s)",
                        "turnout.upstream.idle=" + better + " 로 설정하거나, 애플리케이션에서 연결을 더 오래 유지하세요"
                                + " (Spring Boot: server.tomcat.keep-alive-timeout=30s)"));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / MILLIS_PER_SECOND);
    }
}
