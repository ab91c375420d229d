package dev.turnout.config;

/** The header of the PROXY protocol that connections to targets begin with. */
public enum SendProxy {
    OFF,
    V1,
    V2
}
