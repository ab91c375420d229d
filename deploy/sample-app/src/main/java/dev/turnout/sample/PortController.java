package dev.turnout.sample;

import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says which instance answers, and of which version it is. */
@RestController
final class PortController {

    private static final String TEXT = "text/plain;charset=UTF-8";

    private final Environment environment;
    private final AppSettings settings;

    PortController(Environment environment, AppSettings settings) {
        this.environment = environment;
        this.settings = settings;
    }

    @GetMapping(path = "/", produces = TEXT)
    String port() {
        return "현재 실행 중인 서비스의 포트는 : " + environment.getProperty("server.port");
    }

    @GetMapping(path = "/version", produces = TEXT)
    String version() {
        return settings.version();
    }
}
