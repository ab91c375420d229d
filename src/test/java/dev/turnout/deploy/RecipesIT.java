package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.MarkdownPage;
import dev.turnout.MarkdownPage.Block;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Follows each recipe as it stands in its page: writes the files, runs the commands, with the package and a real nginx. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@DisplayName("The recipe")
final class RecipesIT {

    private static final Path RECIPES = Path.of("deploy", "recipes");

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

    /** What each command of a page said, in the order of the page. */
    private final Map<String, PageMachine.Run> runs = new LinkedHashMap<>();

    private static MarkdownPage page(String recipe) throws IOException {
        return MarkdownPage.read(RECIPES.resolve(recipe + ".md"));
    }

    /** Follows a page from its first block to its last one. */
    private void follow(PageMachine machine, MarkdownPage page) throws IOException {
        for (Block block : page.blocks()) {
            follow(machine, block);
        }
    }

    /** Writes a block that begins with the name of a file; runs a block of shell. */
    private void follow(PageMachine machine, Block block) throws IOException {
        String first = block.lines().get(0);
        if (first.startsWith("# /")) {
            machine.put(first.substring(2), block.text());
        } else if (block.language().equals("bash")) {
            runs.put(
                    block.heading() + "\n" + block.text(),
                    machine.run(quick(block.text())).succeeds());
        }
    }

    /** Shortens the watches of a page: nobody waits for them here. */
    private static String quick(String script) {
        return script.replace("--watch 30s", "--watch 1s");
    }

    /** Returns what the last block with these words said. */
    private String said(String words) {
        return runs.entrySet().stream()
                .filter(run -> run.getKey().contains(words))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getValue()
                .output();
    }

    private static void startOldApplication(PageMachine machine, int port) {
        machine.run("mkdir -p /srv && cp app.jar /srv/ && cd /srv && "
                        + "setsid nohup \"$JAVA_HOME\"/bin/java -jar -Dserver.port=" + port
                        + " app.jar >app.log 2>&1 &")
                .succeeds();
        Await.until("the old application", () -> answer(machine, "http://127.0.0.1:" + port + "/")
                .contains("port " + port));
    }

    private static void startNginx(PageMachine machine) {
        machine.run("rm -f /etc/nginx/sites-enabled/default && systemctl start nginx")
                .succeeds();
    }

    private static String answer(PageMachine machine, String url) {
        return machine.run("curl -sS " + url + " || true").output();
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
}
