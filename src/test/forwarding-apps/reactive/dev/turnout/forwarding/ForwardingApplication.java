package dev.turnout.forwarding;

import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs one application for each way to read what proxies say, each on a port of its own, and prints the ports. */
@SpringBootApplication
public class ForwardingApplication {

    public static void main(String[] arguments) {
        for (String strategy : List.of("none", "native", "framework")) {
            ConfigurableApplicationContext context = new SpringApplicationBuilder(ForwardingApplication.class)
                    .properties(
                            "server.forward-headers-strategy=" + strategy,
                            "server.port=0",
                            "server.address=127.0.0.1",
                            "spring.main.banner-mode=off",
                            "spring.jmx.enabled=false",
                            // Reactor Netty 1.3.6 may stop reading a connection that it keeps for a next request,
                            // and that request then gets no answer (reactor-netty issue 4361).
                            "server.netty.max-keep-alive-requests=1",
                            "logging.level.root=warn")
                    .run(arguments);
            System.out.println(
                    "port " + strategy + " " + context.getEnvironment().getProperty("local.server.port"));
        }
    }
}
