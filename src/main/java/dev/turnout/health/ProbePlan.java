package dev.turnout.health;

import dev.turnout.config.HealthConfig;
import dev.turnout.config.ProbeType;
import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.tls.TargetTls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The plan by which the targets of a service are probed.
 *
 * @param path requested with GET, or the one of {@link GrpcHealth}
 * @param interval from the beginning of one probe to the beginning of the next
 * @param timeout how long one probe may take, from opening the connection to the end of the response
 * @param rise how many good probes in a row make a target healthy
 * @param fall how many bad probes in a row make a target unhealthy
 * @param status which response statuses are good
 * @param host the Host to send; empty for the target's
 * @param port the port to connect to; empty for the target's
 * @param tls what the targets are spoken to with; empty for plain connections
 * @param protocol what the targets speak
 * @param grpcService the service that gRPC's health service is asked for, in the place of a GET; empty for a GET
 * @param header what each connection begins with, before TLS
 */
public record ProbePlan(
        String path,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        StatusRanges status,
        Optional<String> host,
        Optional<Integer> port,
        Optional<TargetTls> tls,
        TargetProtocol protocol,
        Optional<String> grpcService,
        Optional<Buffer> header) {

    /** It stands for no port in a request's address. */
    private static final int HTTP_PORT = 80;

    /** Returns the configured plan over plain connections. */
    public static ProbePlan of(HealthConfig config) {
        boolean isGrpc = config.type() == ProbeType.GRPC;
        return new ProbePlan(
                isGrpc ? GrpcHealth.PATH : config.path(),
                config.interval(),
                config.timeout(),
                config.rise(),
                config.fall(),
                config.status(),
                config.host(),
                config.port(),
                Optional.empty(),
                config.protocol(),
                isGrpc ? Optional.of(config.grpcService().orElse("")) : Optional.empty(),
                Optional.empty());
    }

    /** Returns this plan with what its connections are encrypted with, and what each of them begins with. */
    public ProbePlan with(Optional<TargetTls> encryption, Optional<Buffer> beginning) {
        return tls.equals(encryption) && header.equals(beginning)
                ? this
                : new ProbePlan(
                        path,
                        interval,
                        timeout,
                        rise,
                        fall,
                        status,
                        host,
                        port,
                        encryption,
                        protocol,
                        grpcService,
                        beginning);
    }

    ProbePlan withTimeout(Duration shorter) {
        return new ProbePlan(
                path, interval, shorter, rise, fall, status, host, port, tls, protocol, grpcService, header);
    }

    /** Returns the timeout, at least 1: timers do not accept zero. Milliseconds. */
    int timeoutMillis() {
        return Math.toIntExact(Math.max(1, timeout.toMillis()));
    }

    /** Adds the Host to a request. HTTP/2 has it in the address of the request (RFC 9113, section 8.3.1). */
    <T> HttpRequest<T> withHost(HttpRequest<T> request, Target target) {
        if (!isHttp2()) {
            return request.putHeader("Host", hostOf(target));
        }
        if (tls.isPresent()) {
            // The name that the target has to prove.
            return request;
        }
        HostAndPort authority = HostAndPort.parseAuthority(hostOf(target), HTTP_PORT);
        return authority == null
                ? request
                : request.virtualHost(authority.host()).port(authority.port());
    }

    /** Returns true if targets are asked with HTTP/2. */
    boolean isHttp2() {
        return protocol.isHttp2() || grpcService.isPresent();
    }

    /** Returns the port to connect to. A Unix socket has none, and HTTP's stands for that. */
    int portOf(Target target) {
        return target.address() instanceof TcpAddress tcp ? port.orElse(tcp.port()) : HTTP_PORT;
    }

    /** Returns the name that a target has to prove. */
    String nameOf(Target target) {
        return tls.flatMap(TargetTls::name).orElse(target.address().host());
    }

    /** Returns a clause that says why a connection failed; empty if that has nothing to do with TLS. */
    Optional<String> explain(Throwable failure) {
        return tls.flatMap(with -> with.explain(failure));
    }

    /** Returns the options of a client that speaks to the targets as requests do. */
    HttpClientOptions client() {
        HttpClientOptions options = new HttpClientOptions();
        if (isHttp2()) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setUseAlpn(tls.isPresent());
        }
        tls.ifPresent(with -> encrypt(options, with));
        return options;
    }

    private static void encrypt(HttpClientOptions options, TargetTls tls) {
        options.setSsl(true)
                .setVerifyHost(tls.trust().isPresent())
                .setTrustAll(tls.trust().isEmpty());
        tls.trust().ifPresent(trust -> options.setTrustOptions(TrustOptions.wrap(trust)));
        tls.own().ifPresent(own -> options.setKeyCertOptions(KeyCertOptions.wrap(own)));
    }

    /** Returns the Host that is sent. Over TLS HTTP/2 has the name there that the target has to prove. */
    String hostOf(Target target) {
        if (isHttp2() && tls.isPresent()) {
            return nameOf(target) + ":" + portOf(target);
        }
        return host.orElseGet(() -> target.address().authority());
    }
}
