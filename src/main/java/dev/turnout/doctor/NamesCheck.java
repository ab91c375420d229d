package dev.turnout.doctor;

import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeConfig;
import dev.turnout.text.Phrase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether the names that certificates are ordered for point to this machine. */
final class NamesCheck implements Check {

    private static final String WORD = "names";

    /** A name server that does not answer costs seconds for each name. */
    private static final int MOST_NAMES = 20;

    private final AcmeConfig acme;
    private final Function<String, List<InetAddress>> names;
    private final Set<InetAddress> local;

    /**
     * @param names looks a name up; none if it has no address
     * @param local the addresses of this machine
     */
    NamesCheck(AcmeConfig acme, Function<String, List<InetAddress>> names, Set<InetAddress> local) {
        this.acme = acme;
        this.names = names;
        this.local = local;
    }

    /** Returns the addresses of a name; none if it has none. Blocks. */
    static List<InetAddress> look(String name) {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    @Override
    public List<Finding> look() {
        if (acme.directory().isEmpty() || acme.challenge() == AcmeChallenge.DNS_01) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        acme.names().stream().limit(MOST_NAMES).map(this::of).forEach(findings::add);
        List<String> others = acme.names().stream().skip(MOST_NAMES).toList();
        if (!others.isEmpty()) {
            findings.add(skipped(others));
        }
        return findings;
    }

    private static Finding skipped(List<String> names) {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        names.size() + " more names were not looked up: " + names.get(0) + " and what follows it in"
                                + " turnout.acme.names, or among the hosts of services",
                        "이름 " + names.size() + "개는 확인하지 않았습니다. turnout.acme.names 또는 서비스 호스트에서 " + names.get(0)
                                + " 부터입니다"),
                new Phrase(
                        "See for yourself that they point here: getent hosts " + names.get(0),
                        "이 서버를 가리키는지 직접 확인하세요: getent hosts " + names.get(0)));
    }

    private Finding of(String name) {
        List<InetAddress> addresses = names.apply(name);
        if (addresses.isEmpty()) {
            return new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(name + " has no address in the DNS", name + " 의 주소가 DNS에 없습니다"),
                    new Phrase(
                            "Make an A or AAAA record for " + name + " that points to this machine",
                            "이 서버를 가리키는 " + name + " 의 A 또는 AAAA 레코드를 만드세요"));
        }
        List<InetAddress> others =
                addresses.stream().filter(address -> !local.contains(address)).toList();
        if (others.isEmpty()) {
            return Finding.good(WORD, new Phrase(name + " points to this machine", name + " 이(가) 이 서버를 가리킵니다"));
        }
        String text = others.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        name + " points to " + text + ", which is no address of this machine",
                        name + " 이(가) 이 서버의 주소가 아닌 " + text + " 을(를) 가리킵니다"),
                new Phrase(
                        "That is right if a router or a load balancer passes the port on to this machine; else correct the"
                                + " DNS record",
                        "공유기나 로드 밸런서가 포트를 이 서버로 넘긴다면 맞습니다. 아니라면 DNS 레코드를 고치세요"));
    }
}
