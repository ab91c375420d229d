package dev.turnout.proxy.observe;

import java.nio.file.Path;

/**
 * How the access log is written.
 *
 * @param format the format of its lines
 * @param file where it is written to
 */
public record AccessLogSettings(AccessLog.Format format, Path file) {}
