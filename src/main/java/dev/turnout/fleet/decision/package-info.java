/**
 * The fleet's protocol as values and pure functions: what a member and the coordinator of a change do next. No I/O, no
 * clock, no threads.
 *
 * <p>{@link dev.turnout.fleet.decision.Participant} is one member's part in one service,
 * {@link dev.turnout.fleet.decision.Coordinator} one change. Both take an event, and return their next state with
 * {@linkplain dev.turnout.fleet.decision.FleetAction actions}. The caller keeps these rules:
 *
 * <ol>
 *   <li>Actions are carried out in their order, each to its end. {@code Send} is at its end as soon as it is begun.
 *   <li>If a record can't be written, the actions behind it are dropped, and the participant gets {@code RecordFailed}.
 *   <li>An update that is equal to one that is under way is not sent again.
 *   <li>When an update has ended, in whichever way, the caller reads the store by quorum and gives what it has read as
 *       {@code Seen}. It does so after a watch event too, and once a second.
 *   <li>After a step with actions the last contents are given once more: one step does one thing.
 *   <li>A process begins with its front closed, or with all requests held. The first {@code Release} or
 *       {@code Publish} opens the front.
 * </ol>
 */
@NullMarked
package dev.turnout.fleet.decision;

import org.jspecify.annotations.NullMarked;
