package dev.turnout.admin;

import java.time.Instant;

/**
 * The facts about this process.
 *
 * @param version of Turnout
 * @param mode {@code proxy} or {@code nginx}
 * @param startedAt when the process was started
 */
public record ProcessInfo(String version, String mode, Instant startedAt) {}
