package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.MarkdownPage.Block;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Follows the recipes for HTTPS, with Pebble in the place of Let's Encrypt. */
@RequiresProgram(value = "pebble", debianPackage = "pebble")
@RequiresProgram(value = "openssl", debianPackage = "openssl")
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@DisplayName("The recipe")
final class HttpsRecipesIT extends RecipeRun {

    private static final String PEBBLE = """
            {"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
             "certificate": "/root/ca/own.pem", "privateKey": "/root/ca/own.key", "httpPort": 80, "tlsPort": 443,
             "ocspResponderURL": "", "externalAccountBindingRequired": false}}
            """;

    /** Starts a certificate authority in the machine, and a name server for which every name is the machine. */
    private static void startAuthority(PageMachine machine) throws IOException {
        machine.put("/root/pebble.json", PEBBLE);
        machine.run("""
                        echo '127.0.0.1 shop.example.com example.com www.example.com' >>/etc/hosts
                        mkdir -p ca && cd ca
                        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
                        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout own.key -out own.csr
                        echo 'subjectAltName=DNS:localhost,IP:127.0.0.1' >own.ext
                        openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile own.ext \\
                            -out own.pem
                        chmod 755 /root /root/ca && chmod 644 ca.pem && cp ca.pem /etc/turnout/authority.pem
                        setsid nohup pebble-challtestsrv -dns01 127.0.0.1:8053 -defaultIPv6 "" -http01 "" -https01 "" \\
                            -tlsalpn01 "" -management 127.0.0.1:8055 >names.log 2>&1 &
                        PEBBLE_VA_NOSLEEP=1 setsid nohup pebble -config /root/pebble.json -dnsserver 127.0.0.1:8053 \\
                            >pebble.log 2>&1 &
                        """).succeeds();
        Await.until("the authority", () -> answer(machine, "-k https://localhost:14000/dir")
                .contains("newOrder"));
    }

    /** Puts the machine's authority into the place of Let's Encrypt, and keeps it there. */
    private static Block atThatAuthority(Block block) {
        String text = block.text()
                .replace("turnout.acme.directory=letsencrypt-staging", """
                        turnout.acme.directory=https://localhost:14000/dir
                        turnout.acme.ca-file=/etc/turnout/authority.pem
                        turnout.acme.dns-server=127.0.0.1:8053""")
                .replace("sudo sed -i '/^turnout.acme.directory/d'", "ls");
        return new Block(block.language(), block.heading(), text.lines().toList());
    }

    private static void awaitIssued(PageMachine machine) {
        Await.until(
                () -> "a certificate of the authority: "
                        + machine.run(
                                        "turnout certificates || true; journalctl -u turnout | tail -n 40; tail -n 20 ca/pebble.log; cat /etc/default/turnout; ss -ltn")
                                .output(),
                Await.LONG_PATIENCE,
                () -> machine.run("turnout certificates || true").output().contains("acme"));
    }

    @Test
    @DisplayName("for HTTPS in three lines gets a certificate, serves with it, and sends everybody to it")
    void three_lines() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            startAuthority(machine);

            for (Block block : page("https").blocks()) {
                if (block.text().contains("curl -k")) {
                    awaitIssued(machine);
                }
                follow(machine, atThatAuthority(block));
            }

            assertThat(said("curl -k")).contains("port 8080 version 1.0 host shop.example.com", "by https");
            assertThat(said("curl -sSI")).contains("301", "https://shop.example.com/");
            assertThat(machine.run("echo | openssl s_client -connect 127.0.0.1:443 -servername shop.example.com 2>&1")
                            .output())
                    .contains("Pebble Intermediate CA");
        }
    }

    @Test
    @DisplayName("for certbot's certificates serves with them, and takes a renewed one")
    void certbots_certificates() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            String renew = """
                    live=/etc/letsencrypt/live/shop.example.com
                    mkdir -p $live && chmod 700 /etc/letsencrypt/live
                    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.com \\
                        -addext subjectAltName=DNS:shop.example.com -keyout $live/privkey.pem -out $live/fullchain.pem
                    """;
            // As an authority that asks for what certbot writes into the folder of -w.
            machine.put("/usr/local/bin/certbot", """
                    #!/bin/sh -eu
                    words=$*
                    case $words in
                        *' -w '*)
                            folder=${words##* -w }
                            echo proof >"${folder%% *}/.well-known/acme-challenge/token"
                            [ "$(curl -fsSL http://shop.example.com/.well-known/acme-challenge/token)" = proof ]
                            echo asked >>/root/asked
                            ;;
                        *) echo Certificate Name: shop.example.com ;;
                    esac
                    """);
            machine.run("chmod 755 /usr/local/bin/certbot\necho '127.0.0.1 shop.example.com' >>/etc/hosts\n" + renew
                            + "cat $live/fullchain.pem >>/etc/ssl/certs/ca-certificates.crt")
                    .succeeds();

            follow(machine, page("https-certbot"));

            assertThat(said("curl -fsS https")).contains("host shop.example.com", "by https");
            assertThat(machine.read("/root/asked")).isEqualTo("asked\n");
            machine.run(renew + "RENEWED_LINEAGE=$live /etc/letsencrypt/renewal-hooks/deploy/turnout")
                    .succeeds();
            String served = "echo | openssl s_client -connect 127.0.0.1:443 -servername shop.example.com 2>/dev/null"
                    + " | openssl x509 -noout -fingerprint";
            String renewed =
                    "openssl x509 -noout -fingerprint -in /etc/letsencrypt/live/shop.example.com/fullchain.pem";
            assertThat(machine.run(served).output())
                    .isEqualTo(machine.run(renewed).output());
        }
    }

    @Test
    @DisplayName("for a load balancer that terminates TLS believes its headers and the PROXY protocol, without a loop")
    void a_load_balancer() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);

            follow(machine, page("https-load-balancer"));

            assertThat(said("X-Forwarded-For: 203.0.113.7"))
                    .contains("HTTP/1.1 301", "for 203.0.113.7, 127.0.0.1 by https");
            assertThat(said("--haproxy-protocol")).contains("for 127.0.0.1 by https");
        }
    }

    @Test
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    @DisplayName("for TLS to the application reaches it, verifies its name, and says so if it is another one")
    void tls_to_targets() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            String issue = """
                    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=internal -keyout app.key -out app.pem \\
                        -addext subjectAltName=DNS:app.internal
                    cat app.key >>app.pem && openssl x509 -in app.pem -out /etc/turnout/internal-ca.pem
                    chmod 644 /etc/turnout/internal-ca.pem
                    """;
            machine.put("/root/haproxy.cfg", """
                    defaults
                        mode tcp
                        timeout connect 5s
                        timeout client 60s
                        timeout server 60s
                    listen app
                        bind 127.0.0.1:8443 ssl crt /root/app.pem
                        bind 127.0.0.1:8444 ssl crt /root/app.pem
                        server app 127.0.0.1:8080
                    """);
            machine.run(issue + "setsid nohup haproxy -db -f /root/haproxy.cfg >haproxy.log 2>&1 &")
                    .succeeds();

            follow(machine, page("https-targets"));

            assertThat(said("turnout check")).contains("no errors");
            assertThat(said("curl -fsS")).contains("port 8080 version 1.0");
            machine.run("sed -i 's/tls-name=.*/tls-name=other.internal/' /etc/turnout/application.properties")
                    .succeeds();
            machine.run("turnout reload").succeeds();
            Await.until("the status tells of the name", () -> machine.run("turnout status --json || turnout status")
                    .output()
                    .contains("it has to be for other.internal, and is for app.internal"));
        }
    }

    @Test
    @DisplayName("for wildcards proves a name by a record that its program sets")
    void wildcards() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            startOldApplication(machine, 8080);
            startAuthority(machine);
            // The name server of the test takes changes by HTTP.
            machine.put("/usr/local/bin/nsupdate", """
                    #!/bin/bash -eu
                    while read -r word command name ttl type value; do
                        [ "$word" = update ] || continue
                        if [ "$command" = add ]; then
                            curl -fsS -d "{\\"host\\": \\"$name\\", \\"value\\": $value}" http://127.0.0.1:8055/set-txt
                        else
                            curl -fsS -d "{\\"host\\": \\"$name\\"}" http://127.0.0.1:8055/clear-txt
                        fi
                    done
                    """);
            machine.run("chmod 755 /usr/local/bin/nsupdate").succeeds();

            for (Block block : page("https-wildcard").blocks()) {
                follow(machine, atThatAuthority(block));
            }

            awaitIssued(machine);
            assertThat(machine.run(
                                    "echo | openssl s_client -connect 127.0.0.1:443 -servername www.example.com 2>/dev/null"
                                            + " | openssl x509 -noout -ext subjectAltName")
                            .output())
                    .contains("DNS:*.example.com", "DNS:example.com");
        }
    }
}
