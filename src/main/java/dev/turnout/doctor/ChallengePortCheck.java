package dev.turnout.doctor;

import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeConfig;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Whether the port that a certificate authority asks takes connections at the names that certificates are ordered for. */
final class ChallengePortCheck implements Check {

    private static final String WORD = "challenge-port";

    /** An address that drops packets costs the whole time-out. */
    private static final int MOST_ADDRESSES = 4;

    private static final int MOST_NAMES = 20;
    private static final int PATIENCE_MILLIS = 2_000;

    private final AcmeConfig acme;
    private final Function<String, List<InetAddress>> names;
    private final Predicate<InetSocketAddress> isOpen;

    /**
     * @param names looks a name up; none if it has no address
     * @param isOpen says whether a connection can be opened
     */
    ChallengePortCheck(
            AcmeConfig acme, Function<String, List<InetAddress>> names, Predicate<InetSocketAddress> isOpen) {
        this.acme = acme;
        this.names = names;
        this.isOpen = isOpen;
    }

    /** Returns true if an address takes a connection within two seconds. Blocks. */
    static boolean opens(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Finding> look() {
        if (acme.directory().isEmpty() || acme.challenge() == AcmeChallenge.DNS_01) {
            return List.of();
        }
        int port = acme.challenge() == AcmeChallenge.HTTP_01 ? 80 : 443;
        return acme.names().stream()
                .limit(MOST_NAMES)
                .flatMap(name -> names.apply(name).stream())
                .distinct()
                .limit(MOST_ADDRESSES)
                .map(address -> of(new InetSocketAddress(address, port)))
                .toList();
    }

    private Finding of(InetSocketAddress address) {
        String place =
                "port " + address.getPort() + " of " + address.getAddress().getHostAddress();
        String korean = address.getAddress().getHostAddress() + " 의 포트 " + address.getPort();
        if (isOpen.test(address)) {
            return Finding.good(
                    WORD,
                    new Phrase(
                            "A connection to " + place + " can be opened from here",
                            "여기에서 " + korean + "에 연결할 수 있습니다"));
        }
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        "No connection to " + place + " can be opened from here, and the certificate authority asks"
                                + " there",
                        "인증 기관이 확인하는 " + korean + "에 여기에서 연결할 수 없습니다"),
                new Phrase(
                        "Start Turnout, and open the port in the firewall. Behind a router that sends no packets back to"
                                + " itself, look from outside",
                        "Turnout을 시작하고 방화벽에서 포트를 여세요. 자기 자신에게 패킷을 돌려보내지 않는 공유기 뒤라면 밖에서 확인하세요"));
    }
}
