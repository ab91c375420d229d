package dev.turnout.switching;

import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Slot;

/**
 * What a rehearsal has come to.
 *
 * @param active the slot that serves
 * @param figures those that are judged
 * @param needed how many pairs a switch takes; 0 if it takes none
 * @param judgement on the idle slot
 */
public record RehearsalReport(Slot active, RehearsalFigures figures, int needed, RehearsalJudgement judgement) {}
