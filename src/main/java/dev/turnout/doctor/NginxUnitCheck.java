package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the units of Turnout let it drive nginx: write the include file, reload nginx and see its workers, and leave
 * the front port to nginx. A machine without the unit is not judged.
 */
final class NginxUnitCheck implements Check {

    private static final String WORD = "nginx-unit";
    private static final String ROOT = "root";
    private static final String DROP_IN = "/usr/share/doc/turnout/nginx-compat/nginx-mode.conf";

    private final Units units;
    private final Path include;

    /** @param include {@code turnout.nginx.include} */
    NginxUnitCheck(Units units, Path include) {
        this.units = units;
        this.include = include.toAbsolutePath();
    }

    @Override
    public List<Finding> look() {
        return units.service().map(this::of).orElse(List.of());
    }

    private List<Finding> of(Map<String, String> unit) {
        List<Finding> findings = new ArrayList<>();
        if (!WritableFolders.of(unit).contain(include)) {
            findings.add(forbidden("write " + include, include + " 쓰기", "ProtectSystem, ReadWritePaths"));
        }
        boolean isRoot = unit.getOrDefault("User", ROOT).equals(ROOT);
        if (!isRoot && unit.getOrDefault("NoNewPrivileges", "").equals("yes")) {
            findings.add(forbidden("reload nginx", "nginx 다시 읽기", "User, NoNewPrivileges"));
        }
        if (!List.of("", "default").contains(unit.getOrDefault("ProtectProc", ""))) {
            findings.add(forbidden("see the workers of nginx", "nginx 워커 확인", "ProtectProc"));
        }
        if (units.isEnabled("turnout.socket")) {
            findings.add(new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase(
                            "turnout.socket is enabled, and in nginx mode nginx has the front port",
                            "nginx 모드에서는 nginx가 앞단 포트를 쓰는데 turnout.socket 이 켜져 있습니다"),
                    new Phrase(
                            "Run: systemctl disable --now turnout.socket",
                            "systemctl disable --now turnout.socket 을 실행하세요")));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.good(
                    WORD,
                    new Phrase("turnout.service lets Turnout drive nginx", "turnout.service 에서 nginx를 제어할 수 있습니다")));
        }
        return findings;
    }

    private static Finding forbidden(String what, String korean, String keys) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "turnout.mode is nginx, and turnout.service does not let Turnout " + what + " (" + keys + ")",
                        "turnout.mode 가 nginx인데 turnout.service 때문에 할 수 없는 일이 있습니다: " + korean + " (" + keys + ")"),
                new Phrase(
                        "Copy " + DROP_IN + " to /etc/systemd/system/turnout.service.d/, run 'systemctl daemon-reload',"
                                + " and restart Turnout",
                        DROP_IN + " 을 /etc/systemd/system/turnout.service.d/ 에 복사하고, 'systemctl daemon-reload'를 실행한 뒤"
                                + " Turnout을 다시 시작하세요"));
    }
}
