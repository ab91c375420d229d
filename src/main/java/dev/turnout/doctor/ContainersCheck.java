package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whether the container engine can be asked at its socket, and whether that socket lets through no more than is needed. */
final class ContainersCheck implements Check {

    private static final String WORD = "containers";
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int MOST_HEAD = 64;

    private final Path socket;

    ContainersCheck(Path socket) {
        this.socket = socket;
    }

    @Override
    public List<Finding> look() {
        if (!Files.exists(socket)) {
            return List.of(unreachable("there is no such file", "그런 파일이 없습니다"));
        }
        try {
            int list = status("/containers/json");
            if (list != OK) {
                return List.of(refused(list));
            }
            // An engine does not find such a container; a proxy that lets no more through than it has to refuses the
            // question.
            boolean isOpen = status("/info") == OK || status("/containers/turnout-doctor-asks/json") == NOT_FOUND;
            return List.of(isOpen ? open() : good());
        } catch (IOException e) {
            return List.of(unreachable(String.valueOf(e.getMessage()), String.valueOf(e.getMessage())));
        }
    }

    /** Returns the status of the answer to a call; 0 if the answer is none of HTTP. */
    private int status(String path) throws IOException {
        try (TimedConnection connection =
                PlainConnection.open(UnixDomainSocketAddress.of(socket), new byte[0], PATIENCE)) {
            connection.write(
                    ("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            byte[] some = new byte[MOST_HEAD];
            while (head.length() < MOST_HEAD && head.indexOf("\n") < 0) {
                int read = connection.read(some, PATIENCE.toMillis());
                if (read < 0) {
                    break;
                }
                head.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
            }
            String[] words = head.toString().split("\\s", 3);
            boolean isHttp = words.length > 1 && words[0].startsWith("HTTP/") && words[1].matches("[0-9]{3}");
            return isHttp ? Integer.parseInt(words[1]) : 0;
        }
    }

    private Finding unreachable(String english, String korean) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "The container engine can't be asked at " + socket + ": " + english,
                        socket + "에서 컨테이너 엔진에 물어볼 수 없습니다: " + korean),
                new Phrase(
                        "Start the engine or its proxy, and give Turnout's user the right to write to the socket; or correct"
                                + " turnout.docker.socket",
                        "엔진이나 프록시를 시작하고 Turnout 사용자에게 소켓에 쓸 권한을 주세요. 아니면 turnout.docker.socket을 고치세요"));
    }

    private Finding refused(int status) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        socket + " answers " + status + " to GET /containers/json",
                        socket + "이(가) GET /containers/json에 " + status + "(으)로 응답합니다"),
                new Phrase(
                        "Have the proxy let GET of /_ping, /containers/json and /events through",
                        "프록시가 /_ping, /containers/json, /events의 GET을 통과시키게 하세요"));
    }

    private Finding open() {
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        socket
                                + " lets through more than Turnout needs: who reaches the engine itself has the rights of root",
                        socket + "이(가) Turnout에 필요한 것보다 많이 허용합니다. 엔진에 직접 연결할 수 있으면 root의 권한을 가진 것과 같습니다"),
                new Phrase(
                        "Put a proxy before the engine that lets only GET of /_ping, /containers/json and /events through",
                        "/_ping, /containers/json, /events의 GET만 통과시키는 프록시를 엔진 앞에 두세요"));
    }

    private Finding good() {
        return Finding.good(
                WORD,
                new Phrase(
                        "The container engine answers at " + socket + ", and lets through no more than is needed",
                        "컨테이너 엔진이 " + socket + "에서 응답하고, 필요한 것만 허용합니다"));
    }
}
