package dev.turnout.config;

import java.util.List;

/** The check of the keys under {@code turnout.admin.tls}. */
final class AdminTlsCheck {

    private final ParsedValues values;

    AdminTlsCheck(ParsedValues values) {
        this.values = values;
    }

    /** Records what is wrong as errors of the values. */
    void run(List<String> warnings) {
        values.refuseWithoutCertificate(
                AdminConfig.TLS_CERT,
                List.of(AdminConfig.TLS_KEY, AdminConfig.TLS_PASSWORD_FILE, AdminConfig.TLS_CLIENT_CA));
        if (!values.isGiven(AdminConfig.TLS_CERT)
                && values.find(AdminConfig.TOKEN).isPresent()) {
            values.find(AdminConfig.HOST)
                    .filter(host -> !Hosts.isLoopback(host))
                    .ifPresent(host -> warnings.add("The admin token crosses the network in clear: turnout.admin.host="
                            + host + " is no loopback address, and the admin port speaks plain HTTP. Set"
                            + " turnout.admin.tls.cert and turnout.admin.tls.key."));
        }
    }
}
