package dev.turnout.proxy;

import java.util.function.LongSupplier;

/**
 * One of several counts of the same thing.
 *
 * @param label tells it from the others
 * @param count gives the count of now
 */
public record LabelledCount(String label, LongSupplier count) {}
