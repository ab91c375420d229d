package dev.turnout.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The check of who may send targets a header of the PROXY protocol, in each service. */
final class SendProxyCheck {

    private final ParsedValues values;
    private final List<ServiceKeys> services;
    private final Map<Key<SendProxy>, String> refused = new LinkedHashMap<>();

    /** @param services all services */
    SendProxyCheck(ParsedValues values, List<ServiceKeys> services) {
        this.values = values;
        this.services = services;
    }

    void run() {
        services.forEach(this::check);
        refused.forEach(values::error);
    }

    private void check(ServiceKeys service) {
        Key<SendProxy> header = values.inForce(service, ServiceSettings.SEND_PROXY);
        if (values.find(header).orElse(SendProxy.OFF) == SendProxy.OFF) {
            return;
        }
        Key<TargetProtocol> protocol = values.inForce(service, ServiceSettings.PROTOCOL);
        Key<ProbeType> probes = values.inForce(service, HealthConfig.TYPE);
        if (values.isNginx()) {
            refused.put(
                    header,
                    "nginx speaks to the targets; allowed with turnout.mode=nginx is off. nginx tells targets the"
                            + " client's address by 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for'");
        } else if (values.find(protocol).filter(TargetProtocol::isHttp2).isPresent()) {
            refused.put(
                    header,
                    "requests of all clients share the HTTP/2 connections to the targets of service '"
                            + service.service() + "', and a header names one client; allowed with " + protocol.name()
                            + "=http1. Over HTTP/2 X-Forwarded-For names the client");
        } else if (values.find(probes).filter(type -> type == ProbeType.GRPC).isPresent()) {
            refused.put(
                    header,
                    "probes by gRPC come over HTTP/2, which has no such header; allowed with " + probes.name()
                            + "=http");
        }
    }
}
