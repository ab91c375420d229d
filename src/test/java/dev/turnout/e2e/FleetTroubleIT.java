package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@link FleetTroubleRun} in a network of its own. {@code -Pthorough} makes 200 rounds. */
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "iptables", debianPackage = "iptables")
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
@Tag("alone")
@DisplayName("A fleet of three or five members and three nodes of etcd, each on a host of its own,")
final class FleetTroubleIT {

    private static JsonObject run(long seed, int rounds, String flip, int members)
            throws IOException, InterruptedException {
        assumeTrue(new ProcessBuilder("unshare", "--net", "true").start().waitFor() == 0, "no namespaces here");
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--mount-proc",
                "--fork",
                "--kill-child",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FleetTroubleRun.class.getName()));
        command.addAll(List.of(String.valueOf(seed), String.valueOf(rounds), flip, String.valueOf(members)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                said.append(line).append('\n');
                last = line;
            }
            assertThat(process.waitFor()).as(said.toString()).isZero();
            return new JsonObject(last);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    @Timeout(3_600)
    @DisplayName(
            "gives no answer of an older decision after one of a newer one, whatever goes wrong, and fails at nobody")
    void strict(int members) throws Exception {
        int rounds = Rounds.of(members == 3 ? 6 : 2, 200);

        JsonObject found = run(ThreadLocalRandom.current().nextLong(1_000_000), rounds, "strict", members);

        assertThat(found.getJsonArray("violations")).isEmpty();
        assertThat(found.getJsonArray("failed")).isEmpty();
        assertThat(found.getInteger("answers")).isGreaterThan(rounds * 50);
    }

    @Test
    @Tag("thorough")
    @DisplayName("mixes with flip=fast, which is how one knows that the other test can fail")
    void fast() throws Exception {
        assumeTrue(Boolean.getBoolean("test.thorough"), "only with -Pthorough");

        assertThat(run(1, 20, "fast", 3).getJsonArray("violations")).isNotEmpty();
    }
}
