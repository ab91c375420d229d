package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.MarkdownPage;
import dev.turnout.MarkdownPage.Block;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Follows each recipe as it stands in its page: writes the files, runs the commands, with the package and a real nginx. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@DisplayName("The recipe")
final class RecipesIT extends RecipeRun {

    /** As the tutorial prints it, with the colon that nginx wants. */
    private static final String TUTORIAL_SITE = """
            server {
                    listen 80;
                    listen [::]:80;
                    server_name _;
                    include /etc/nginx/conf.d/service-url.inc;
                    location / {
                            proxy_pass $service_url;
                    }
            }
            """;

    private static void startLoad(PageMachine machine) {
        machine.run(
                        "(while sleep 0.05; do curl -fsS -m 20 http://127.0.0.1/ >>load.log 2>&1 || echo FAILED >>load.log; done) "
                                + "</dev/null >/dev/null 2>&1 &")
                .succeeds();
    }

    @Test
    @DisplayName("for the tutorial's script replaces the script while nginx serves, and no request fails")
    void the_tutorials_script() throws Exception {
        try (PageMachine machine = PageMachine.start()) {
            machine.put("/root/turnout_0.1.0_all.deb", Files.readAllBytes(DebianPackage.tested()));
            machine.put("/root/app.jar", TinyApplication.jar("1.0"));
            machine.put("/etc/nginx/sites-enabled/app.conf", TUTORIAL_SITE);
            machine.put("/etc/nginx/conf.d/service-url.inc", "set $service_url http://127.0.0.1:8082;\n");
            startOldApplication(machine, 8082);
            startNginx(machine);
            startLoad(machine);
            machine.put("/root/app.jar", TinyApplication.jar("2.0"));

            List<Integer> steps = new ArrayList<>();
            for (Block block : page("tutorial-script").blocks()) {
                follow(machine, block);
                steps.add(Integer.parseInt(block.heading().replaceFirst("\\..*", "")));
                if (block.heading().startsWith("9.")) {
                    assertThat(answer(machine, "http://127.0.0.1/")).contains("port 8080 version 2.0");
                }
            }

            assertThat(steps).doesNotHaveDuplicates().contains(1, 10).hasSize(10);
            assertThat(answer(machine, "http://127.0.0.1/"))
                    .contains("port 8082 version 1.0 host 127.0.0.1 for 127.0.0.1, 127.0.0.1");
            assertThat(machine.read("/root/load.log"))
                    .contains("version 1.0", "version 2.0")
                    .doesNotContain("FAILED");
        }
    }

    @Test
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    @DisplayName("for nginx with certbot gives the application scheme, host and client of an HTTPS request")
    void nginx_with_certbot() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            machine.run("""
                    echo '127.0.0.1 shop.example.com' >>/etc/hosts
                    live=/etc/letsencrypt/live/shop.example.com
                    mkdir -p $live /usr/local/share/ca-certificates
                    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.com \\
                        -addext subjectAltName=DNS:shop.example.com -keyout $live/privkey.pem -out $live/fullchain.pem
                    cat $live/fullchain.pem >>/etc/ssl/certs/ca-certificates.crt
                    """).succeeds();
            startNginx(machine);

            follow(machine, page("nginx-certbot"));

            assertThat(said("curl -fsSI")).contains("301", "https://shop.example.com/");
            assertThat(said("curl -fsSI"))
                    .contains("port 8080 version 1.0 host shop.example.com for 127.0.0.1, 127.0.0.1 by https");
        }
    }

    @Test
    @DisplayName("for port 80 gives the port to Turnout, and back to nginx")
    void port_80() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            for (Block block : page("tutorial-script").blocks()) {
                if (block.text().startsWith("# /")) {
                    follow(machine, block);
                }
            }
            machine.put("/etc/nginx/sites-enabled/app.conf", TUTORIAL_SITE);
            machine.put("/etc/nginx/conf.d/service-url.inc", "set $service_url http://127.0.0.1:8000;\n");
            machine.run("systemctl restart turnout.socket turnout.service").succeeds();
            startNginx(machine);

            for (Block block : page("port-80").blocks()) {
                follow(machine, block);
                if (block.heading().equals("Try it")) {
                    assertThat(said("curl -fsS")).contains("port 8080 version 1.0");
                    assertThat(machine.run("systemctl is-active nginx || true").output())
                            .isEqualTo("inactive\n");
                }
            }

            assertThat(machine.run("curl -sSI http://127.0.0.1/").output()).contains("Server: nginx", "200 OK");
            assertThat(machine.run("systemctl is-active nginx").output()).isEqualTo("active\n");
        }
    }

    @Test
    @DisplayName("for the first deployment takes the running application over and stops it after the switch")
    void the_first_deployment() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            machine.put("/root/app.jar", TinyApplication.jar("2.0"));

            List<Block> blocks = page("first-deployment").blocks();
            for (Block block : blocks) {
                follow(machine, block);
                if (block.text().contains("turnout status")) {
                    assertThat(answer(machine, "http://127.0.0.1/")).contains("port 8080 version 1.0");
                }
                if (block.text().contains("sport = :8080")) {
                    assertThat(said("sport = :8080")).doesNotContain("java");
                    assertThat(answer(machine, "http://127.0.0.1/")).contains("port 8082 version 2.0");
                    machine.put("/root/app.jar", TinyApplication.jar("3.0"));
                }
            }

            assertThat(answer(machine, "http://127.0.0.1/")).contains("port 8080 version 3.0");
            assertThat(said("turnout releases")).contains("2.0", "3.0");
        }
    }

    @Test
    @DisplayName("for 3 a.m. shows the outage, and its rollback ends it")
    void three_in_the_morning() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            machine.run("systemctl start turnout.socket turnout.service && turnout deploy app.jar")
                    .succeeds();
            machine.put("/root/app.jar", TinyApplication.jar("2.0"));
            machine.run("turnout deploy app.jar").succeeds();
            String active = machine.run("turnout status --json").succeeds().output();
            assertThat(active).contains("2.0");
            machine.run("pkill -9 -f [s]erver.port").succeeds();
            Await.until(
                    "the outage in the status",
                    () -> machine.run("turnout status").output().matches("(?s).*serves +2.0 +0/1 up.*"));

            follow(machine, page("three-am"));

            assertThat(said("1. Who serves")).contains("0/1 up");
            assertThat(said("2. What Turnout says")).contains("WARN", "ERROR");
            assertThat(said("3. What changed last")).contains("2.0");
            assertThat(answer(machine, "http://127.0.0.1/")).contains("version 1.0");
        }
    }

    /**
     * Lets a machine copy files and log in with ssh, to hosts that are folders of its own. A user who is named logs in to that
     * user's home, and has there what sudo's own file for that user allows.
     */
    private static void prepareSsh(PageMachine machine) throws IOException {
        machine.put("/usr/local/bin/scp", """
                #!/bin/bash -eu
                case $2 in *@*) to=/home/${2%%@*} ;; *) to=/srv/hosts/${2%%:*} ;; esac
                mkdir -p "$to"; cp "$1" "$to/${2#*:}"
                """);
        machine.put("/usr/local/bin/ssh", """
                #!/bin/bash -eu
                login=$1; shift; command=$*
                case $login in
                    *@*)
                        user=${login%%@*}; cd "/home/$user"
                        grep -qxF "$user ALL=(root) NOPASSWD: /usr/bin/${command#sudo }" "/etc/sudoers.d/$user"
                        ;;
                    *) cd "/srv/hosts/$login" ;;
                esac
                exec sh -c "$command"
                """);
        machine.run("chmod 755 /usr/local/bin/ssh /usr/local/bin/scp; mkdir -p /etc/sudoers.d")
                .succeeds();
    }

    @Test
    @DisplayName("for GitHub Actions is a workflow whose steps build, log in and deploy")
    void github_actions() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            prepareSsh(machine);
            machine.run("systemctl start turnout.socket turnout.service").succeeds();
            machine.put(
                    "/root/gradlew",
                    "#!/bin/sh\nmkdir -p build/libs; cp app.jar build/libs/; cp app.jar build/libs/app-plain.jar\n");
            machine.run("chmod 755 gradlew").succeeds();
            MarkdownPage page = page("github-actions");
            follow(machine, page);

            Map<String, Object> workflow = workflow(page);
            List<Map<String, Object>> steps = steps(workflow);
            assertThat(workflow).containsKeys("name", "on", "jobs").containsEntry("concurrency", "deploy");
            assertThat(steps).filteredOn(step -> step.containsKey("uses")).hasSize(2);
            for (Map<String, Object> step : steps) {
                if (step.containsKey("run")) {
                    machine.run(environment(step) + quick(step.get("run").toString()))
                            .succeeds();
                }
            }

            assertThat(machine.read("/root/.ssh/id_ed25519")).isEqualTo("value of DEPLOY_KEY\n");
            // Else more than one command would be allowed.
            assertThat(machine.read("/etc/sudoers.d/deployer"))
                    .doesNotContain("*")
                    .hasLineCount(1);
            assertThat(answer(machine, "http://127.0.0.1/")).contains("version 1.0");
        }
    }

    private static Map<String, Object> workflow(MarkdownPage page) {
        String yaml = page.blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .findFirst()
                .orElseThrow()
                .text();
        // YAML 1.1 takes the key "on" for a truth value.
        return new Yaml().load(yaml.replace("\non:", "\n\"on\":"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> steps(Map<String, Object> workflow) {
        Map<String, Map<String, Object>> jobs = (Map<String, Map<String, Object>>) workflow.get("jobs");
        return (List<Map<String, Object>>) jobs.get("deploy").get("steps");
    }

    /** Gives each secret a value of its own, as the runner does. */
    private static String environment(Map<String, Object> step) {
        if (!(step.get("env") instanceof Map<?, ?> variables)) {
            return "";
        }
        return variables.entrySet().stream()
                .map(variable -> {
                    assertThat(variable.getValue()).isEqualTo("${{ secrets." + variable.getKey() + " }}");
                    String value = variable.getKey().equals("DEPLOY_HOST") ? "server" : "value of " + variable.getKey();
                    return "export " + variable.getKey() + "='" + value + "'\n";
                })
                .collect(Collectors.joining());
    }

    @Test
    @DisplayName("for two servers leaves the second one alone if the first one gets no new version, and fails")
    void two_servers_end_at_a_failure() throws Exception {
        try (PageMachine machine = PageMachine.start()) {
            String command = "#!/bin/sh\necho \"${0##*/} $*\" >>calls; ! [ -e \"${0##*/}-fails\" ]\n";
            machine.put("/usr/local/bin/scp", command);
            machine.put("/usr/local/bin/ssh", command);
            machine.run("chmod 755 /usr/local/bin/ssh /usr/local/bin/scp; touch ssh-fails")
                    .succeeds();
            Block loop = page("two-servers").blocks().stream()
                    .filter(block -> block.text().contains("scp "))
                    .findFirst()
                    .orElseThrow();
            // A shell in which people type goes on after a command that fails.
            String typed = "set +e\n" + loop.text();

            assertThat(machine.run(typed).exitCode()).isEqualTo(1);
            assertThat(machine.read("/root/calls"))
                    .contains("scp app.jar web1:app.jar\n", "ssh web1 sudo turnout deploy")
                    .doesNotContain("web2");

            machine.run("rm calls; mv ssh-fails scp-fails").succeeds();
            assertThat(machine.run(typed).exitCode()).isEqualTo(1);
            assertThat(machine.read("/root/calls")).isEqualTo("scp app.jar web1:app.jar\n");
        }
    }

    @Test
    @DisplayName("for two servers answers a load balancer, and deploys to one server after the other")
    void two_servers() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            prepareSsh(machine);
            startOldApplication(machine, 8080);
            machine.run("systemctl start turnout.socket turnout.service").succeeds();
            machine.put("/root/app.jar", TinyApplication.jar("2.0"));

            follow(machine, page("two-servers"));

            assertThat(said("turnout-ready")).isEqualTo("200\n");
            assertThat(answer(machine, "http://127.0.0.1/")).contains("version 2.0");
            machine.run("pkill -9 -f [s]erver.port").succeeds();
            Await.until("503 for the load balancer", () -> answer(
                            machine, "-o /dev/null -w %{http_code} http://127.0.0.1/turnout-ready")
                    .equals("503"));
        }
    }
}
