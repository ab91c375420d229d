package dev.turnout.proxy.exchange;

import java.util.concurrent.Executor;

/**
 * What the rules of one event loop need beside requests.
 *
 * @param passwords the checks of passwords
 * @param loop runs tasks on the event loop
 */
record RuleMeans(PasswordChecks passwords, Executor loop) {}
