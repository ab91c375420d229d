package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Map;

/** Whether a process of an ordinary user may listen on a port of the front. */
final class PortRightsCheck implements Check {

    private static final String WORD = "port-rights";
    private static final String FIRST_FREE = "proc/sys/net/ipv4/ip_unprivileged_port_start";
    private static final long USUAL_FIRST_FREE = 1024;

    /** The number of CAP_NET_BIND_SERVICE: capabilities(7). */
    private static final int BIND = 10;

    private static final int HEXADECIMAL = 16;

    private final int port;
    private final String key;
    private final boolean isOfSocket;
    private final SystemFiles files;
    private final Units units;

    /**
     * @param key the configuration key of the port
     * @param isOfSocket true if systemd opens the port
     */
    PortRightsCheck(int port, String key, boolean isOfSocket, SystemFiles files, Units units) {
        this.port = port;
        this.key = key;
        this.isOfSocket = isOfSocket;
        this.files = files;
        this.units = units;
    }

    @Override
    public List<Finding> look() {
        long firstFree = files.number(FIRST_FREE).orElse(USUAL_FIRST_FREE);
        if (port == 0 || port >= firstFree) {
            return List.of(Finding.good(
                    WORD, new Phrase("Every user may listen on port " + port, "모든 사용자가 포트 " + port + "을(를) 열 수 있습니다")));
        }
        if (isOfSocket) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "systemd may open port " + port + " by turnout.socket",
                            "systemd가 turnout.socket으로 포트 " + port + "을(를) 열 수 있습니다")));
        }
        if (units.service().filter(PortRightsCheck::isAllowed).isPresent()) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "The unit turnout.service may listen on port " + port,
                            "turnout.service 유닛이 포트 " + port + "을(를) 열 수 있습니다")));
        }
        if (isAllowedHere()) {
            return List.of(Finding.good(
                    WORD, new Phrase("This user may listen on port " + port, "이 사용자는 포트 " + port + "을(를) 열 수 있습니다")));
        }
        return List.of(new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "Port " + port + " is below " + firstFree + ", and this user may not listen there",
                        "포트 " + port + "은(는) " + firstFree + "보다 작아서 이 사용자가 열 수 없습니다"),
                new Phrase(
                        "Run Turnout by its systemd unit, or give the unit AmbientCapabilities=CAP_NET_BIND_SERVICE, or"
                                + " set " + key + " to " + firstFree + " or more",
                        "systemd 유닛으로 실행하거나, 유닛에 AmbientCapabilities=CAP_NET_BIND_SERVICE 를 넣거나," + " " + key + " 를 "
                                + firstFree + " 이상으로 설정하세요")));
    }

    /** Returns true if the unit's process has the capability, or is root's. */
    private static boolean isAllowed(Map<String, String> unit) {
        return unit.getOrDefault("AmbientCapabilities", "").contains("CAP_NET_BIND_SERVICE")
                || unit.getOrDefault("User", "root").equals("root");
    }

    private boolean isAllowedHere() {
        return files.text("proc/self/status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .anyMatch(mask -> (Long.parseUnsignedLong(mask, HEXADECIMAL) >> BIND & 1) == 1);
    }
}
