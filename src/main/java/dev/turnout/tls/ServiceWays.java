package dev.turnout.tls;

import dev.turnout.routing.Target;

/**
 * How the targets of one service are spoken to: a target may say itself whether that is over TLS.
 *
 * @param isEncrypted whether targets are that do not say it
 */
record ServiceWays(boolean isEncrypted, TargetWay plain, EncryptedWay encrypted) {

    /** Returns how a target is spoken to: the same object each time. */
    TargetWay of(Target target) {
        return switch (target.scheme()) {
            case OF_SERVICE -> isEncrypted ? encrypted.get() : plain;
            case HTTP -> plain;
            case HTTPS -> encrypted.get();
        };
    }
}
