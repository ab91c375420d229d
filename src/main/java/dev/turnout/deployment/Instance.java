package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a deployment has started on a port: a process, or a systemd unit.
 *
 * @param port of the target
 * @param service whom the target belongs to
 * @param version that was started
 * @param unit the full name of the unit; empty for a process
 * @param pid of the process; 0 for a unit
 * @param started of the process, in ticks; 0 for a unit
 * @param boot which boot of the machine the process was started in
 * @param hasServed whether Turnout has switched to it; a deployment that is killed leaves one that nobody has switched to
 * @param due when the instance is to be stopped; empty if nobody has asked for that
 */
record Instance(
        int port,
        String service,
        String version,
        Optional<String> unit,
        long pid,
        long started,
        String boot,
        boolean hasServed,
        Optional<Instant> due) {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    static Instance ofProcess(int port, String service, String version, RunningProcess process) {
        return new Instance(
                port,
                service,
                version,
                Optional.empty(),
                process.pid(),
                process.started(),
                thisBoot(),
                false,
                Optional.empty());
    }

    static Instance ofUnit(int port, String service, String version, String unit) {
        return new Instance(port, service, version, Optional.of(unit), 0, 0, thisBoot(), false, Optional.empty());
    }

    Instance dueAt(Optional<Instant> time) {
        return new Instance(port, service, version, unit, pid, started, boot, hasServed, time);
    }

    /** Returns this instance as one that serves. */
    Instance serving() {
        return new Instance(port, service, version, unit, pid, started, boot, true, due);
    }

    /** Returns the process, if the process with the number is still the same one. */
    Optional<RunningProcess> process(ProcessTable processes) {
        return boot.equals(thisBoot())
                ? processes.find(pid).filter(process -> process.started() == started)
                : Optional.empty();
    }

    /** Returns the name for people. */
    String name() {
        return unit.map(text -> "unit " + text).orElse("process " + pid);
    }

    void write(DeployFolder folder) throws IOException {
        Map<String, String> values = new TreeMap<>();
        values.put("service", service);
        values.put("version", version);
        values.put("pid", String.valueOf(pid));
        values.put("started", String.valueOf(started));
        values.put("boot", boot);
        values.put("served", String.valueOf(hasServed));
        unit.ifPresent(name -> values.put("unit", name));
        due.ifPresent(time -> values.put("due", time.toString()));
        PropertyFile.write(folder.instance(port), values);
        if (unit.isEmpty()) {
            Files.writeString(folder.pid(port), pid + "\n");
        }
    }

    /** Returns what was started on a port last, and not stopped since by a deployment. */
    static Optional<Instance> read(DeployFolder folder, int port) {
        return PropertyFile.read(folder.instance(port)).flatMap(values -> parse(port, values));
    }

    static void forget(DeployFolder folder, int port) throws IOException {
        Files.deleteIfExists(folder.instance(port));
        Files.deleteIfExists(folder.pid(port));
    }

    private static Optional<Instance> parse(int port, Properties values) {
        try {
            return Optional.of(new Instance(
                    port,
                    values.getProperty("service", ""),
                    values.getProperty("version", ""),
                    Optional.ofNullable(values.getProperty("unit")),
                    Long.parseLong(values.getProperty("pid", "0")),
                    Long.parseLong(values.getProperty("started", "0")),
                    values.getProperty("boot", ""),
                    Boolean.parseBoolean(values.getProperty("served", "true")),
                    Optional.ofNullable(values.getProperty("due")).map(Instant::parse)));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String thisBoot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
