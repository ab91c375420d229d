package dev.turnout.health;

import org.jspecify.annotations.Nullable;

/**
 * What a target has answered, without the body.
 *
 * @param grpcStatus the field {@code grpc-status}; null if there was none
 * @param grpcMessage the field {@code grpc-message}; null if there was none
 */
record ProbeReply(
        int status, @Nullable String grpcStatus, @Nullable String grpcMessage) {}
