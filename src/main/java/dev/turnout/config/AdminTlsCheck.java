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
        boolean isSecure = values.isGiven(AdminConfig.TLS_CERT);
        for (Key<?> key : List.of(AdminConfig.TLS_KEY, AdminConfig.TLS_PASSWORD_FILE, AdminConfig.TLS_CLIENT_CA)) {
            if (!isSecure && values.isGiven(key)) {
                values.error(key, "there is no certificate with it; allowed with " + AdminConfig.TLS_CERT.name());
            }
        }
        if (!isSecure && values.find(AdminConfig.TOKEN).isPresent()) {
            values.find(AdminConfig.HOST)
                    .filter(host -> !Hosts.isLoopback(host))
                    .ifPresent(host -> warnings.add("The admin token crosses the network in clear: turnout.admin.host="
                            + host + " is no loopback address, and the admin port speaks plain HTTP. Set"
                            + " turnout.admin.tls.cert and turnout.admin.tls.key."));
        }
    }
}
