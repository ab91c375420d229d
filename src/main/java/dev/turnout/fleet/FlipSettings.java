package dev.turnout.fleet;

import java.time.Duration;

/**
 * How members flip together.
 *
 * @param isStrict whether requests are kept from a vote to its decision
 * @param hold how long a member waits for a decision before it takes its vote back
 * @param inDoubt how long a member that can't learn the decision keeps requests
 * @param servesInDoubt whether it serves on after that
 */
record FlipSettings(boolean isStrict, Duration hold, Duration inDoubt, boolean servesInDoubt) {}
