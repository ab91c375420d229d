package dev.turnout.config;

/** What people can be told of. */
public enum NotifyEvent {
    /** Another slot serves, as somebody asked for. */
    DEPLOYED,
    /** A change was asked for and was not made. */
    REFUSED,
    /** The slot before serves again: a watch found the new slot worse, or somebody rolled back. */
    SWITCHED_BACK,
    /** No target of a service is up. */
    SERVICE_DOWN,
    /** A target of the service is up again. */
    SERVICE_BACK,
    /** The maintenance of a service has begun, has other terms, or has ended. */
    MAINTENANCE,
    /** A certificate ends soon, could not be renewed or read, or is in order again. */
    CERTIFICATE
}
