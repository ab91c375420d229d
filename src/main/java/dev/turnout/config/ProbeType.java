package dev.turnout.config;

/** What a probe asks a target. */
public enum ProbeType {
    /** A GET, whose status counts. */
    HTTP,
    /** The health service of gRPC, {@code grpc.health.v1.Health/Check}. */
    GRPC
}
