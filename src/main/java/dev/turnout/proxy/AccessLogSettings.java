package dev.turnout.proxy;

import java.nio.file.Path;

/**
 * How the access log is written.
 *
 * @param format the format of its lines
 * @param file where it is written to
 */
record AccessLogSettings(AccessLog.Format format, Path file) {}
