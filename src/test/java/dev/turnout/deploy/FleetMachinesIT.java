package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.MarkdownPage;
import dev.turnout.MarkdownPage.Block;
import dev.turnout.support.ApiTools;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of {@code deploy/fleet/README.md} as they stand there, on three machines with a network between them: a
 * node of etcd on each, and a Turnout on two of them. A command that is on the page and not in the scenario fails the test, unless it is in the list of those that cannot run here.
 */
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
@RequiresProgram(value = "openssl", debianPackage = "openssl")
@RequiresProgram(value = "nft", debianPackage = "nftables")
@RequiresProgram(value = "haproxy", debianPackage = "haproxy")
@DisplayName("The page about operating a fleet")
final class FleetMachinesIT {

    private static final Path PAGE = Path.of("deploy/fleet/README.md");
    private static final int TURNOUTS = 2;
    private static final Duration PATIENCE = Await.LONG_PATIENCE;
    private static final String TOO_OLD = "a file of another night; the scenario puts its own backup back";

    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            Map.entry("sudo apt install -y etcd-server etcd-client", "this machine has them"),
            Map.entry("for server in 10.0.0.1 10.0.0.2 10.0.0.3; do", "needs ssh"),
            Map.entry("(", "needs ssh"),
            Map.entry(
                    "scp app.jar \"root@$server:/var/lib/app/8082.jar\""
                            + " && ssh \"root@$server\" systemctl restart app@8082 || exit",
                    "needs ssh"),
            Map.entry("done", "needs ssh"),
            Map.entry(")", "needs ssh"),
            Map.entry("sudo apt install ./turnout_0.1.0_all.deb", "DebianPackageIT upgrades a package"),
            Map.entry(
                    "sudo turnout-etcd restore /var/backups/turnout-etcd/etcd-20261128T030000.000000000Z.db", TOO_OLD));

    /** A line begins with the numbers of the machines that run it. */
    private static final String SETUP = """
            1 /usr/lib/turnout/deploy/fleet/etcd.sh prepare fleet e1=10.0.0.1 e2=10.0.0.2 e3=10.0.0.3
            """;

    /** Run outside of the machines, with programs that reach their files. */
    private static final String COPIES = """
            ssh root@10.0.0.1 rm -rf turnout-etcd && scp -pr fleet/e1 root@10.0.0.1:turnout-etcd
            ssh root@10.0.0.2 rm -rf turnout-etcd && scp -pr fleet/e2 root@10.0.0.2:turnout-etcd
            ssh root@10.0.0.3 rm -rf turnout-etcd && scp -pr fleet/e3 root@10.0.0.3:turnout-etcd
            """;

    private static final String FLEET = """
            123 sudo turnout-etcd/etcd.sh install
            1 sudo turnout-etcd/etcd.sh users
            2 sudo turnout-etcd status
            123 sudo nft -f turnout-etcd/firewall.nft
            12 sudo turnout-etcd/etcd.sh member
            12 sudo systemctl restart turnout
            1 turnout fleet init
            2 turnout fleet join
            1 turnout fleet status
            2 turnout switch --to green
            """;

    private static final String LOST_DISK = """
            1 sudo turnout-etcd backup
            3 sudo turnout-etcd/etcd.sh install --join
            """;

    @TempDir
    Path copies;

    private final List<PageMachine> machines = new ArrayList<>();

    @AfterEach
    void end() {
        machines.forEach(PageMachine::close);
    }

    private PageMachine machine(int number) {
        return machines.get(number - 1);
    }

    private void follow(String scenario) {
        scenario.lines().forEach(line -> {
            String command = line.substring(line.indexOf(' ') + 1);
            // Machines do not wait for each other.
            line.substring(0, line.indexOf(' ')).chars().parallel().forEach(digit -> run(digit - '0', command));
        });
    }

    /** Runs a command. A machine that is too busy for the times of etcd refuses what Turnout is told: then once more. */
    private void run(int number, String command) {
        if (!command.startsWith("turnout ")) {
            machine(number).run(command).succeeds();
            return;
        }
        AtomicReference<String> said = new AtomicReference<>("");
        Await.until(() -> command + ": " + said, PATIENCE, () -> {
            PageMachine.Run run = machine(number).run(command);
            said.set(run.output());
            return run.exitCode() == 0;
        });
    }

    /** Three machines. Two have the package, and an application in each slot that says which one it is. */
    private void boot() throws IOException, InterruptedException {
        for (int i = 1; i <= 3; i++) {
            machines.add(i <= TURNOUTS ? PageMachine.withPackage() : PageMachine.start());
        }
        for (int i = 1; i <= TURNOUTS; i++) {
            machine(i).run("""
                    for slot in 8080 8082; do
                        mkdir -p /srv/$slot && echo "web%d at $slot" >/srv/$slot/index.html
                        (cd /srv/$slot && exec setsid python3 -m http.server --bind 127.0.0.1 $slot) >/dev/null 2>&1 </dev/null &
                    done
                    printf '%%s\\n' turnout.fleet.member=web%d turnout.fleet.lease=3s >>/etc/turnout/application.properties
                    systemctl start turnout.socket
                    """.formatted(i, i)).succeeds();
        }
        PageMachine.connect(machines);
    }

    /** Copies the folders as the page says. Like that of scp, a copy to a folder that is there goes into that folder. */
    private void copyFolders() throws IOException, InterruptedException {
        String programs = """
                ssh() { (cd "$hosts/${1#*@}/" && shift && "$@"); }
                scp() { local to=${3#*@}; cp -a "$2" "$hosts/${to%%:*}/${to#*:}"; }
                """;
        for (int i = 1; i <= 3; i++) {
            Path host = copies.resolve("10.0.0." + i);
            if (!Files.exists(host)) {
                Files.createSymbolicLink(host, machine(i).outside("/root"));
            }
        }
        ApiTools.run(
                machine(1).outside("/root"),
                List.of("bash", "-euc", "hosts=" + copies.toAbsolutePath() + "\n" + programs + COPIES));
    }

    private String answer(int number) {
        return machine(number).run("curl -sS -m 5 http://127.0.0.1/").output();
    }

    private void assertServed(String port) {
        for (int i = 1; i <= TURNOUTS; i++) {
            assertThat(answer(i)).isEqualTo("web" + i + " at " + port + "\n");
        }
    }

    @Test
    @DisplayName("has no command that is neither run nor in the list of those that cannot run here")
    void every_command_is_known() throws IOException {
        Set<String> known = (SETUP + FLEET + LOST_DISK)
                .lines()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        COPIES.lines().forEach(known::add);
        known.addAll(NOT_RUN.keySet());

        assertThat(new LinkedHashSet<>(MarkdownPage.read(PAGE).commands())).isEqualTo(known);
    }

    @Test
    @DisplayName("has a configuration of HAProxy that HAProxy accepts")
    void haproxy() throws Exception {
        Path file = copies.resolve("haproxy.cfg");
        Block block = MarkdownPage.read(PAGE).blocks().stream()
                .filter(code -> code.language().equals("haproxy"))
                .findFirst()
                .orElseThrow();
        Files.writeString(file, block.text());

        ApiTools.run(copies, List.of("haproxy", "-c", "-f", file.toString()));
    }

    @Test
    @Timeout(240)
    @DisplayName("sets up three nodes of etcd and a fleet, and brings back a node and the whole store")
    void sets_up() throws Exception {
        boot();
        follow(SETUP);
        copyFolders();
        // With new certificates once more.
        follow(SETUP);
        copyFolders();
        assertThat(machine(2).read("/root/turnout-etcd/server.pem"))
                .isEqualTo(machine(1).read("/root/fleet/e2/server.pem"));
        refusesAnotherMachine();

        follow(FLEET);

        assertServed("8082");
        hasLimits();

        follow(LOST_DISK.lines().limit(1).map(line -> line + "\n").collect(Collectors.joining()));
        machine(3)
                .run("systemctl stop turnout-etcd && rm -rf /var/lib/turnout-etcd/data")
                .succeeds();
        follow(LOST_DISK.lines().skip(1).collect(Collectors.joining("\n")));
        Await.until(
                () -> "all nodes serve",
                PATIENCE,
                () -> machine(3).run("turnout-etcd status").exitCode() == 0);
        run(1, "turnout switch --to blue");
        assertServed("8080");

        putsBack();
    }

    private void refusesAnotherMachine() {
        PageMachine.Run refused = machine(2)
                .run("cp -r /root/turnout-etcd other && sed -i s/10.0.0.2/10.0.0.9/ other/settings"
                        + " && other/etcd.sh install");
        assertThat(refused.output())
                .contains("10.0.0.9 is no address of this machine, which has 127.0.0.1", "10.0.0.2");
        assertThat(refused.exitCode()).isEqualTo(1);
    }

    /** Turnout's user and certificate open the keys of the fleet only; without both nothing is opened. */
    private void hasLimits() {
        String call = "ETCDCTL_API=3 %s etcdctl --endpoints=https://10.0.0.2:2379 --cacert=ca.pem %s ";
        String certificate = "--cert=client.pem --key=client.pem";
        String user = "ETCDCTL_USER=turnout-main:$(cat password)";
        String in = "cd /etc/turnout/fleet && ";
        machine(1)
                .run(in + call.formatted(user, certificate) + "get --keys-only --prefix /turnout/main/ | grep roster")
                .succeeds();
        assertThat(machine(1)
                        .run(in + call.formatted(user, certificate) + "put /turnout/other x")
                        .output())
                .contains("permission denied");
        assertThat(machine(1)
                        .run(in + call.formatted("", certificate) + "get /turnout/main/roster")
                        .output())
                .contains("permission denied");
        assertThat(machine(1)
                        .run(in + call.formatted(user, "") + "get /turnout/main/roster")
                        .exitCode())
                .isNotZero();
        // From another address than those of nodes and members nothing is answered.
        machine(3).run("ip addr add 10.0.0.77/24 dev eth0").succeeds();
        assertThat(machine(3)
                        .run("curl -k -m 1 --interface 10.0.0.77 https://10.0.0.1:2379/")
                        .exitCode())
                .isEqualTo(28);
    }

    /** All nodes get the data from before the last switch: the members serve on, and believe none of it. */
    private void putsBack() throws IOException {
        String file = machine(1)
                .run("ls /var/backups/turnout-etcd/*.db | tail -n 1")
                .output()
                .strip();
        byte[] saved = Files.readAllBytes(machine(1).outside(file));
        for (int i = 1; i <= 3; i++) {
            machine(i).put(file, saved);
            machine(i).run("turnout-etcd restore " + file).succeeds();
        }
        AtomicReference<String> said = new AtomicReference<>("");
        Await.until(() -> "etcd is not believed: " + said, PATIENCE, () -> {
            said.set(machine(1)
                    .run("turnout fleet status --json; turnout-etcd status || true")
                    .output());
            return said.get().contains("went back");
        });
        assertServed("8080");
        assertThat(machine(2).run("turnout-etcd restore /etc/hostname").output())
                .contains("is no backup of etcd");
    }
}
