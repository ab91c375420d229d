package dev.turnout.doctor;

import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import java.time.Duration;

/**
 * A target that a check connects to.
 *
 * @param path that it is asked for
 * @param isEncrypted whether Turnout speaks TLS with it
 * @param protocol that Turnout speaks with it
 * @param idle how long Turnout keeps an idle connection to it
 */
record AskedTarget(Target target, String path, boolean isEncrypted, TargetProtocol protocol, Duration idle) {

    /** Returns how a service's target is asked: a target may say itself whether that is over TLS. */
    static AskedTarget of(ServiceSettings service, Target target) {
        boolean isEncrypted =
                switch (target.scheme()) {
                    case OF_SERVICE -> service.targetTls().tls();
                    case HTTP -> false;
                    case HTTPS -> true;
                };
        return new AskedTarget(
                target,
                service.health().path(),
                isEncrypted,
                service.protocol(),
                service.upstream().idle());
    }

    /** Returns true if Turnout begins with the preface of HTTP/2 without having asked. */
    boolean hasPriorKnowledge() {
        return !isEncrypted && protocol.isHttp2();
    }
}
