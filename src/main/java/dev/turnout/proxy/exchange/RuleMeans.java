package dev.turnout.proxy.exchange;

import dev.turnout.proxy.folder.FileThreads;
import java.util.concurrent.Executor;

/**
 * What the rules of one event loop need beside requests.
 *
 * @param passwords the checks of passwords
 * @param files the threads that read files
 * @param loop runs tasks on the event loop
 */
record RuleMeans(PasswordChecks passwords, FileThreads files, Executor loop) {}
