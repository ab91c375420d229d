package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RequiresProgram(value = "openssl", debianPackage = "openssl")
@DisplayName("deploy/fleet/etcd.sh")
final class EtcdScriptTest {

    private static final String SCRIPT =
            Path.of("deploy", "fleet", "etcd.sh").toAbsolutePath().toString();

    @TempDir
    Path folder;

    private record Run(int exitCode, String output) {}

    private Run run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(words[0].endsWith("etcd.sh") ? words[0] : SCRIPT));
        command.addAll(List.of(words).subList(words[0].endsWith("etcd.sh") ? 1 : 0, words.length));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(folder::relativize).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            prepare                                      | the folder to write to is missing
            prepare to                                   | etcd has one node, three or five, and 0 are named
            prepare to e1=10.0.0.1 e2=10.0.0.2           | etcd has one node, three or five, and 2 are named
            prepare to e1=10.0.0.1 e2=10.0.0.2 e3=web3   | 'web3' is no IP address
            prepare to e1=10.0.0.256                     | '10.0.0.256' is no IP address
            prepare to e1=                               | '' is no IP address
            prepare to E1=10.0.0.1                       | 'E1' is no name of a node
            prepare to turnout=10.0.0.1                  | a node can't be called turnout
            prepare to a=10.0.0.1 a=10.0.0.2 b=10.0.0.3  | two nodes are called a
            prepare to a=10.0.0.1 b=10.0.0.1 c=10.0.0.3  | two nodes have the address 10.0.0.1
            prepare to there e1=10.0.0.1                 | there is no NODE=ADDRESS
            prepare to e1=10.0.0.1 --turnout web4        | --turnout web4 is no IP address
            prepare to e1=10.0.0.1 --turnout             | --turnout needs a value
            prepare to e1=10.0.0.1 --fleet a/b           | --fleet a/b: letters, digits, dots, _ and - only
            prepare to e1=10.0.0.1 --port 1              | --port is not an option of prepare
            install --again                              | --again is not an option of install
            users now                                    | users takes no now
            member --address web1                        | --address web1 is no HOST:PORT
            backup --keep 0                              | --keep 0 is no number from 1 to 9999
            restore                                      | restore takes one FILE
            status now                                   | status takes no now
            ctl                                          | ctl needs words for etcdctl
            backups                                      | 'backups' is no word of it
            """)
    @DisplayName("refuses wrong words by exit code 2, says why, and does nothing")
    void wrong_words(String words, String message) throws Exception {
        Run run = run(words.split(" +"));

        assertThat(run.output()).contains(message).contains("Nothing was done.");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(files()).isEmpty();
    }

    @Test
    @DisplayName(
            "prepares once more with the same authorities and passwords, for more nodes, and not for another fleet")
    void once_more() throws Exception {
        assertThat(run("prepare", "to", "e1=10.0.0.1").exitCode()).isZero();
        String authority = Files.readString(folder.resolve("to/e1/ca.pem"));
        String password = Files.readString(folder.resolve("to/turnout/password"));
        String certificate = Files.readString(folder.resolve("to/e1/server.pem"));

        assertThat(run("prepare", "to", "e1=10.0.0.1", "e2=10.0.0.2", "e3=fd00::3", "--turnout", "10.0.0.9,fd00::9")
                        .exitCode())
                .isZero();

        assertThat(folder.resolve("to/e3/ca.pem")).hasContent(authority);
        assertThat(folder.resolve("to/e2/password")).hasContent(password);
        assertThat(folder.resolve("to/e1/server.pem"))
                .content()
                .isNotEqualTo(certificate)
                .contains("BEGIN CERTIFICATE", "BEGIN PRIVATE KEY");
        assertThat(folder.resolve("to/e3/firewall.nft"))
                .content()
                .contains(
                        "tcp dport 2380 ip saddr { 10.0.0.1, 10.0.0.2 } accept",
                        "tcp dport 2379 ip saddr { 10.0.0.1, 10.0.0.2, 10.0.0.9 } accept",
                        "tcp dport 2380 ip6 saddr { fd00::3 } accept",
                        "tcp dport 2379 ip6 saddr { fd00::3, fd00::9 } accept");
        assertThat(run("prepare", "to", "e1=10.0.0.1", "--fleet", "other").output())
                .contains("to is for the fleet main");
    }

    @Test
    @DisplayName("leaves no secret that others may read, and none of etcd's root with a Turnout")
    void secrets() throws Exception {
        assertThat(run("prepare", "to", "e1=10.0.0.1").exitCode()).isZero();

        assertThat(files()).noneMatch(file -> file.toString().contains(".work")).allSatisfy(file -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                .as("%s", file)
                .isIn(file.endsWith("etcd.sh") ? "rwxr-xr-x" : "rw-------"));
        assertThat(files().stream()
                        .filter(file -> file.startsWith("to/turnout"))
                        .map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder("ca.pem", "client.pem", "password", "settings", "etcd.sh");
    }

    @Test
    @DisplayName("prints copies that replace what was copied before, and uses no folder with a copy in it")
    void a_second_copy() throws Exception {
        assertThat(run("prepare", "to", "e1=10.0.0.1").output())
                .contains("ssh root@10.0.0.1 rm -rf turnout-etcd && scp -pr to/e1 root@10.0.0.1:turnout-etcd");
        Path copied = folder.resolve("turnout-etcd");
        for (int copy = 1; copy <= 2; copy++) {
            new ProcessBuilder("cp", "-r", folder.resolve("to/e1").toString(), copied.toString())
                    .start()
                    .waitFor();
        }
        String script = copied.resolve("etcd.sh").toString();

        for (String word : List.of("install", "users", "member")) {
            Run run = run(script, word);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output())
                    .containsAnyOf("lies another copy, " + copied.toRealPath().resolve("e1"), "needs root")
                    .contains("Nothing was done.");
        }
    }

    @Test
    @DisplayName("says of a folder for a Turnout only that it is no node's")
    void another_folder() throws Exception {
        assertThat(run("prepare", "to", "e1=10.0.0.1").exitCode()).isZero();
        String script = folder.resolve("to/turnout/etcd.sh").toString();

        assertThat(run(script, "install").output())
                .containsAnyOf("this folder is for a machine with a Turnout only", "needs root");
        assertThat(run("install").output()).containsAnyOf("there is no file settings beside this script", "needs root");
    }
}
