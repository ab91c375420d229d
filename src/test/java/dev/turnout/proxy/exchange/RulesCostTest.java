package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.RedirectTemplate;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RuleMatch;
import dev.turnout.proxy.route.Requests;
import dev.turnout.proxy.route.Rule;
import dev.turnout.proxy.route.RuleTable;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ten rules that are for other requests cost a request little")
final class RulesCostTest {

    private static final int ROUNDS = 200_000;
    private static final ClientInfo CLIENT = new ClientInfo("192.0.2.7", "http", "h", false);

    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private static final RuleMeans MEANS =
            new RuleMeans(new PasswordChecks(Runnable::run), new FileThreads(), Runnable::run);

    private static Rule rule(int number) {
        RuleMatch match = new RuleMatch(
                List.of(),
                List.of(),
                List.of("/admin" + number, "*.php" + number),
                "User-Agent",
                "*bot" + number + "*");
        RedirectTemplate elsewhere = new RedirectTemplate("/elsewhere", "");
        return new Rule(
                "r" + number,
                match,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                elsewhere,
                null,
                301);
    }

    @Test
    void and_leave_nothing_on_the_heap() {
        RuleTable rules = new RuleTable(
                IntStream.range(0, 10).mapToObj(RulesCostTest::rule).toList());
        RequestHead head = Requests.head("GET /items/1234/pictures?sort=name HTTP/1.1\r\nHost: shop.example\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html\r\n\r\n");
        PlainPath path = new PlainPath();
        run(rules, head, path);

        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long nanos = thread.getCurrentThreadCpuTime();
        int applied = run(rules, head, path);
        nanos = thread.getCurrentThreadCpuTime() - nanos;
        bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
        System.out.printf("ten rules: %.1f ns of CPU time for each request%n", (double) nanos / ROUNDS);

        assertThat(applied).isZero();
        assertThat(bytes).as("bytes for %d requests", ROUNDS).isLessThan(ROUNDS);
    }

    private static int run(RuleTable rules, RequestHead head, PlainPath path) {
        int applied = 0;
        for (int i = 0; i < ROUNDS; i++) {
            if (AppliedRules.of(rules, head, CLIENT, ADDRESS, path, MEANS) != null) {
                applied++;
            }
        }
        return applied;
    }
}
