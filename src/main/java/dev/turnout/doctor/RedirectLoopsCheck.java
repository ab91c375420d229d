package dev.turnout.doctor;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the running Turnout has redirected clients to https in a loop. */
final class RedirectLoopsCheck implements Check {

    private static final String WORD = "redirect-loops";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What the sentence of the status ends with. */
    private static final String SIGN = "is not in turnout.trusted-proxies.";

    private final AdminClient turnout;
    private final String service;

    /** @param service the name of a service: the count is that of all services */
    RedirectLoopsCheck(AdminClient turnout, String service) {
        this.turnout = turnout;
        this.service = service;
    }

    @Override
    public List<Finding> look() {
        if (!(turnout.call("GET", AdminPath.of("admin", "status").with("service", service), PATIENCE)
                instanceof Answered answered)) {
            return List.of();
        }
        JsonArray warnings = answered.json()
                .map(status -> status.getJsonArray("warnings", new JsonArray()))
                .orElseGet(JsonArray::new);
        Optional<String> loops = warnings.stream()
                .map(String::valueOf)
                .filter(warning -> warning.endsWith(SIGN))
                .findFirst();
        return List.of(loops.map(RedirectLoopsCheck::of)
                .orElseGet(() ->
                        Finding.good(WORD, new Phrase("No client is redirected in a loop", "리디렉션이 반복되는 클라이언트가 없습니다"))));
    }

    private static Finding of(String warning) {
        String count = warning.substring(0, Math.max(warning.indexOf(' '), 0));
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        (count.equals("1") ? "1 request was" : count + " requests were")
                                + " redirected to https although a proxy that is not trusted says that the"
                                + " client came by https: a browser goes in a loop",
                        "신뢰하지 않는 프록시가 HTTPS 접속이라고 알린 요청 " + count + "개를 https로 리디렉션했습니다. 브라우저에서는 리디렉션이 반복됩니다"),
                new Phrase(
                        "Set turnout.trusted-proxies to the addresses of the proxy that ends TLS",
                        "turnout.trusted-proxies 에 TLS를 처리하는 프록시의 주소를 설정하세요"));
    }
}
