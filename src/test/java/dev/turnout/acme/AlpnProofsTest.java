package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import dev.turnout.tls.AlpnChallenges;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Turnout looks for its own answer to TLS-ALPN-01 before it asks an authority")
final class AlpnProofsTest {

    private static final String NAME = "localhost";

    private @Nullable Server server;

    /** A port for HTTPS that answers with the certificate that it was given last. */
    private static final class Server implements AlpnChallenges, AutoCloseable {

        private @Nullable SSLServerSocket socket;

        int port() {
            return socket == null ? Ports.next() : socket.getLocalPort();
        }

        @Override
        public void offer(String name, List<X509Certificate> chain, PrivateKey key) {
            try {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
                KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, new char[0]);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), null, null);
                SSLServerSocket opened = (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                socket = opened;
                Thread thread = new Thread(() -> serve(opened), "alpn-server");
                thread.setDaemon(true);
                thread.start();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static void serve(SSLServerSocket opened) {
            while (!opened.isClosed()) {
                try (SSLSocket client = (SSLSocket) opened.accept()) {
                    client.setHandshakeApplicationProtocolSelector(
                            (connection, offered) -> offered.contains("acme-tls/1") ? "acme-tls/1" : null);
                    client.startHandshake();
                } catch (IOException e) {
                    // The next client may come.
                }
            }
        }

        @Override
        public void withdraw(String name) {
            close();
        }

        @Override
        public void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Server server() {
        Server made = new Server();
        server = made;
        return made;
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    private static Proof proof(int number) {
        return new Proof(NAME, "token" + number, "token" + number + ".turnout");
    }

    private static void assertNotSeen(Server asked, Proof proof, String why) {
        assertThatThrownBy(() -> new AlpnProofs(asked, asked.port()).check(proof))
                .isInstanceOf(AuthorityFailed.class)
                .hasMessageContaining("could not see its own answer in a handshake with " + NAME)
                .hasMessageContaining(why)
                .hasMessageContaining("The certificate authority was not asked")
                .hasMessageContaining("turnout.acme.self-check=false");
    }

    @Test
    void its_own_answer_is_seen() throws AuthorityFailed {
        Server asked = server();
        new AlpnProofs(asked, 0).offer(proof(1));

        assertThatCode(() -> new AlpnProofs(asked, asked.port()).check(proof(1)))
                .doesNotThrowAnyException();
    }

    @Test
    void the_answer_to_another_challenge_is_not_its_own() throws AuthorityFailed {
        Server asked = server();
        new AlpnProofs(asked, 0).offer(proof(1));

        assertNotSeen(asked, proof(2), "another server answers");
    }

    @Test
    void another_server_is_told_from_itself() {
        Server asked = server();
        TestAuthority.Issued other = TestAuthority.root("Another").issue(NAME);
        asked.offer(NAME, other.chain(), other.key());

        assertNotSeen(asked, proof(1), "another server answers");
    }

    @Test
    void a_port_that_nobody_listens_on_is_told() {
        assertNotSeen(server(), proof(1), "Connection refused");
    }
}
