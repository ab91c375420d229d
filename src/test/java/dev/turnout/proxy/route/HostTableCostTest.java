package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.config.Balance;
import dev.turnout.config.HostPattern;
import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.RequestHead;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What finding a service costs: memory is asserted, time is printed, since no machine is like another. */
final class HostTableCostTest {

    private static final int ROUNDS = 2_000_000;
    private static final int REQUESTS = 256;

    @Test
    void finding_a_service_makes_no_object() {
        report("one service", List.of(Matches.ofAll("default", Balance.ROUND_ROBIN)), false);
        report("1,000 hosts", services(false, true), false);
        report("1,000 domains, two labels before them", services(true, true), false);
        report("1,000 paths of one host", services(false, false), true);
    }

    private static List<ServiceMatch> services(boolean wildcard, boolean byHost) {
        List<ServiceMatch> entrances = new ArrayList<>();
        entrances.add(Matches.ofAll("default", Balance.ROUND_ROBIN));
        for (int i = 0; i < 1_000; i++) {
            String host = byHost ? (wildcard ? "*." : "a.b.") + "service-" + i + ".example.com" : "shop.example.com";
            String path = byHost ? "/" : "/applications/of/service-" + i;
            entrances.add(new ServiceMatch(
                    "s" + i,
                    List.of(HostPattern.parse(host)),
                    path,
                    false,
                    false,
                    null,
                    Balance.ROUND_ROBIN,
                    TargetProtocol.HTTP1,
                    0,
                    null,
                    null,
                    Matches.NO_ASSETS,
                    null,
                    Matches.requests(),
                    TargetSettings.NONE));
        }
        return entrances;
    }

    private static void report(String what, List<ServiceMatch> entrances, boolean oneHost) {
        HostTable directory = new HostTable(entrances);
        RequestHead[] heads = new RequestHead[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            int service = i * 7919 % 1_000;
            heads[i] = Requests.get(
                    oneHost ? "shop.example.com" : "a.b.service-" + service + ".example.com",
                    "/applications/of/service-" + service + "/items/1234?sort=name");
        }
        long found = run(directory, heads);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long nanos = thread.getCurrentThreadCpuTime();
        found += run(directory, heads);
        nanos = thread.getCurrentThreadCpuTime() - nanos;
        bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
        System.out.printf("finding a service, %s: %.1f ns of CPU time%n", what, (double) nanos / ROUNDS);

        assertThat(found).isEqualTo(2L * ROUNDS);
        assertThat(bytes).as("bytes for %d requests", ROUNDS).isLessThan(ROUNDS);
    }

    private static long run(HostTable directory, RequestHead[] heads) {
        long found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            if (directory.find(heads[i & REQUESTS - 1]) != null) {
                found++;
            }
        }
        return found;
    }
}
