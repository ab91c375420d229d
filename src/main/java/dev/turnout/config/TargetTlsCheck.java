package dev.turnout.config;

import dev.turnout.routing.TargetScheme;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check of the keys of TLS to targets against each other, in each service. */
final class TargetTlsCheck {

    private static final List<Key<?>> DETAILS = List.of(
            TargetTlsConfig.CA,
            TargetTlsConfig.NAME,
            TargetTlsConfig.CERT,
            TargetTlsConfig.KEY,
            TargetTlsConfig.PASSWORD_FILE,
            TargetTlsConfig.VERIFY);

    private final ParsedValues values;
    private final List<ServiceKeys> services;

    /** @param services all services */
    TargetTlsCheck(ParsedValues values, List<ServiceKeys> services) {
        this.values = values;
        this.services = services;
    }

    void run(List<String> warnings) {
        if (values.isNginx()) {
            services.stream()
                    .filter(this::isEncrypted)
                    .map(service -> values.inForce(service, TargetTlsConfig.TLS))
                    .distinct()
                    .forEach(key -> values.error(
                            key,
                            "nginx speaks to the targets; allowed with turnout.mode=nginx is false. Have nginx speak"
                                    + " TLS: 'proxy_pass https://...'"));
            return;
        }
        if (services.stream().noneMatch(this::hasEncrypted)) {
            DETAILS.forEach(key -> refuseInClear(key, TargetTlsConfig.TLS));
        } else {
            refuseWithoutCertificate(ServiceKeys.ofDefault());
        }
        for (ServiceKeys service : services) {
            check(service, warnings);
        }
        checkProtocols();
    }

    /** HTTP/2 has one name in clear and another over TLS (RFC 9113, section 3.1). */
    private void checkProtocols() {
        Map<Key<TargetProtocol>, String> refused = new LinkedHashMap<>();
        for (ServiceKeys service : services) {
            Key<TargetProtocol> key = values.inForce(service, ServiceSettings.PROTOCOL);
            TargetProtocol protocol = values.find(key).orElse(TargetProtocol.HTTP1);
            String tls = service.own(TargetTlsConfig.TLS).name();
            if (protocol == TargetProtocol.H2 && !hasEncrypted(service)) {
                refused.put(
                        key, "targets are spoken to in clear; allowed with " + tls + "=true. HTTP/2 in clear is h2c");
            } else if (protocol == TargetProtocol.H2C && isEncrypted(service)) {
                refused.put(
                        key, "targets are spoken to over TLS; allowed with " + tls + "=false. HTTP/2 over TLS is h2");
            }
        }
        refused.forEach(values::error);
    }

    private void check(ServiceKeys service, List<String> warnings) {
        if (!hasEncrypted(service)) {
            if (!service.isDefault()) {
                DETAILS.forEach(key -> refuseInClear(service.own(key), service.own(TargetTlsConfig.TLS)));
            }
            return;
        }
        if (!service.isDefault()) {
            refuseWithoutCertificate(service);
        }
        if (!value(service, TargetTlsConfig.VERIFY).orElse(true)) {
            warnings.add(TargetTlsConfig.unverified(
                    service.service(),
                    values.inForce(service, TargetTlsConfig.VERIFY).name(),
                    values.inForce(service, TargetTlsConfig.CA).name()));
        }
    }

    /** The three belong together: a service with a certificate of its own has nothing of that at the top. */
    private void refuseWithoutCertificate(ServiceKeys level) {
        values.refuseWithoutCertificate(
                level.own(TargetTlsConfig.CERT),
                List.of(level.own(TargetTlsConfig.KEY), level.own(TargetTlsConfig.PASSWORD_FILE)));
    }

    private void refuseInClear(Key<?> key, Key<Boolean> tls) {
        if (values.isGiven(key)) {
            values.error(
                    key,
                    "targets are spoken to in clear; allowed with " + tls.name() + "=true, or with a"
                            + " target https://host:port");
        }
    }

    /** Returns true if any target of a service is spoken to over TLS. */
    private boolean hasEncrypted(ServiceKeys service) {
        return isEncrypted(service)
                || service.slots().stream()
                        .flatMap(slot -> values.find(slot).orElse(List.of()).stream())
                        .anyMatch(target -> target.scheme() == TargetScheme.HTTPS);
    }

    private boolean isEncrypted(ServiceKeys service) {
        return value(service, TargetTlsConfig.TLS).orElse(false);
    }

    private <T> Optional<T> value(ServiceKeys service, Key<T> key) {
        return values.find(values.inForce(service, key));
    }
}
