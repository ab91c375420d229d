package dev.turnout.proxy.listen;

import java.util.Optional;

/**
 * Where the data plane listens.
 *
 * @param plain for plain HTTP; empty if there is no such port
 * @param tls for HTTPS; empty if there is no such port
 * @param onlyChallenges whether plain HTTP is only for the challenges of certificate authorities
 */
public record ListenSettings(Optional<FrontPort> plain, Optional<FrontPort> tls, boolean onlyChallenges) {}
