package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.support.TestAuthority;
import dev.turnout.tls.Choice.Serve;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The choice of a certificate makes no objects")
final class HandshakeTableTest {

    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path temp;

    private static ClientHello hello(String name) throws Exception {
        SSLEngine client = SSLContext.getDefault().createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        client.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(64 * 1024);
        client.wrap(ByteBuffer.allocate(0), out);
        ByteBuf bytes = Unpooled.wrappedBuffer(out.flip());
        ClientHello hello = new ClientHello();
        assertThat(hello.scan(bytes)).isEqualTo(ClientHello.Progress.COMPLETE);
        return hello;
    }

    @Test
    void exact_names_wildcards_and_the_default_are_found_without_an_object() throws Exception {
        TestAuthority root = TestAuthority.root("Root");
        root.issue("shop.example", "*.shop.example").write(temp, "shop");
        root.issueRsa("other.example").write(temp, "default");
        Path ca = Files.writeString(temp.resolve("ca.txt"), root.pem());
        try (Certificates certificates = new Certificates(
                new TestSettings(temp.resolve("state"))
                        .directory(temp)
                        .clientAuthOf("closed.example", Demand.REQUIRE, ca)
                        .settings(),
                Clock.systemUTC())) {
            certificates.open();
            List<ClientHello> hellos =
                    List.of(hello("shop.example"), hello("a.shop.example"), hello("unknown.example"));
            assertThat(hellos)
                    .allSatisfy(hello -> assertThat(certificates.choose(hello)).isInstanceOf(Serve.class));
            choose(certificates, hellos);
            long before = threads.getCurrentThreadAllocatedBytes();

            choose(certificates, hellos);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROUNDS);
        }
    }

    private static void choose(Certificates certificates, List<ClientHello> hellos) {
        for (int i = 0; i < ROUNDS; i++) {
            for (int j = 0; j < hellos.size(); j++) {
                certificates.choose(hellos.get(j));
                certificates.policyOf(hellos.get(j).bytes(), 0, 10);
            }
        }
    }
}
