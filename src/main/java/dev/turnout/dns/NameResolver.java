package dev.turnout.dns;

import dev.turnout.routing.HostPort;
import dev.turnout.routing.NameAddress;
import dev.turnout.routing.NameAddress.Kind;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.NameLookUp;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks up where the targets behind a name are: all addresses of A and AAAA records, or all hosts and ports of the SRV
 * records with the lowest priority, and all addresses of those. Some name servers answer AAAA with an error for a name that
 * has A records only (RFC 4074, section 4): the A records are the answer then, which says that it may be half of one. Any
 * thread; blocks.
 */
public final class NameResolver implements NameLookUp {

    private static final int NO_SUCH_NAME = 3;
    private static final int MOST_ALIASES = 16;
    private static final int MOST_HOSTS = 32;
    private static final int MOST_TARGETS = 64;

    private final DnsClient client;

    /** @param server returns the configured name server; empty for those of the system */
    public NameResolver(Supplier<Optional<HostPort>> server) {
        this(server, Path.of("/etc/resolv.conf"));
    }

    NameResolver(Supplier<Optional<HostPort>> server, Path system) {
        this.client = new DnsClient(new NameServers(server, system));
    }

    /** What was found so far. */
    private static final class Found {

        private final Set<TcpAddress> addresses = new TreeSet<>();
        private long ttlSeconds = Long.MAX_VALUE;
        private Optional<String> unknown = Optional.empty();

        private void ages(DnsRecord record) {
            ttlSeconds = Math.min(ttlSeconds, record.ttlSeconds());
        }
    }

    @Override
    public NameAnswer lookUp(Target name) {
        Found found = new Found();
        NameAddress asked = (NameAddress) name.address();
        try {
            if (asked.kind() == Kind.ADDRESSES) {
                addresses(asked.name(), asked.port(), found);
            } else {
                services(asked.name(), found);
            }
        } catch (LookUpFailed e) {
            return new NameAnswer.Failed(String.valueOf(e.getMessage()));
        }
        if (found.addresses.isEmpty()) {
            return new NameAnswer.Failed("the answer is empty");
        }
        if (found.addresses.size() > MOST_TARGETS) {
            return new NameAnswer.Failed("the answer has " + found.addresses.size() + " addresses, and " + MOST_TARGETS
                    + " are taken at most");
        }
        return new NameAnswer.Found(
                found.addresses.stream()
                        .map(address -> new Target(name.scheme(), address))
                        .toList(),
                Duration.ofSeconds(found.ttlSeconds),
                found.unknown);
    }

    private void services(String name, Found found) throws LookUpFailed {
        List<DnsRecord> records = records(name, RecordType.SRV, found);
        int lowest = records.stream()
                .mapToInt(record -> Integer.parseInt(record.text().split(" ")[0]))
                .min()
                .orElse(0);
        List<DnsRecord> first = records.stream()
                .filter(record -> record.text().startsWith(lowest + " "))
                .toList();
        if (first.size() > MOST_HOSTS) {
            throw new LookUpFailed(
                    "the answer has " + first.size() + " hosts, and " + MOST_HOSTS + " are taken at most");
        }
        for (DnsRecord record : first) {
            String[] words = record.text().split(" ", 4);
            // A dot as the host says that there is no such service (RFC 2782).
            if (!words[3].isEmpty()) {
                addresses(words[3], Integer.parseInt(words[2]), found);
            }
        }
    }

    private void addresses(String host, int port, Found found) throws LookUpFailed {
        List<DnsRecord> all = new ArrayList<>(records(host, RecordType.A, found));
        all.addAll(all.isEmpty() ? records(host, RecordType.AAAA, found) : ipv6BesidesIpv4(host, found));
        for (DnsRecord record : all) {
            try {
                found.addresses.add(new TcpAddress(record.text(), port));
            } catch (IllegalArgumentException e) {
                throw new LookUpFailed(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Returns the IPv6 addresses of a name that has IPv4 addresses, so that it exists whatever is said here. */
    private List<DnsRecord> ipv6BesidesIpv4(String host, Found found) {
        try {
            DnsMessage answer = client.ask(host, RecordType.AAAA);
            return answer.code() == NO_SUCH_NAME ? List.of() : records(host, RecordType.AAAA, answer, found);
        } catch (LookUpFailed e) {
            found.unknown = Optional.of("for IPv6, " + e.getMessage());
            return List.of();
        }
    }

    /** Returns the records of a name, and of the names that it is another name of. */
    private List<DnsRecord> records(String name, RecordType type, Found found) throws LookUpFailed {
        return records(name, type, client.ask(name, type), found);
    }

    private static List<DnsRecord> records(String name, RecordType type, DnsMessage answer, Found found)
            throws LookUpFailed {
        if (answer.code() == NO_SUCH_NAME) {
            throw new LookUpFailed("there is no such name");
        }
        if (answer.code() != 0) {
            throw LookUpFailed.withError(answer.code());
        }
        Set<String> names = names(name.toLowerCase(Locale.ROOT), answer, found);
        List<DnsRecord> records = answer.answers().stream()
                .filter(record -> record.type() == type.code() && names.contains(record.owner()))
                .toList();
        records.forEach(found::ages);
        return records;
    }

    private static Set<String> names(String first, DnsMessage answer, Found found) {
        Set<String> names = new HashSet<>(Set.of(first));
        for (int i = 0; i < MOST_ALIASES; i++) {
            for (DnsRecord record : answer.answers()) {
                if (record.type() == RecordType.CNAME.code()
                        && names.contains(record.owner())
                        && names.add(record.text())) {
                    found.ages(record);
                }
            }
        }
        return names;
    }
}
