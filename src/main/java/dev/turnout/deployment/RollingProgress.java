package dev.turnout.deployment;

import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a rolling replacement has done so far, so that the next one goes on where it has stopped. It holds as long as
 * nobody changes the routing, and for the same version or command only.
 */
final class RollingProgress {

    private final DeployFolder folder;
    private final String service;
    private final String what;
    private final List<Target> replaced = new ArrayList<>();

    private RollingProgress(DeployFolder folder, String service, String what) {
        this.folder = folder;
        this.service = service;
        this.what = what;
    }

    /** Returns a beginning. */
    static RollingProgress afresh(DeployFolder folder, String service, String what) {
        return new RollingProgress(folder, service, what);
    }

    /**
     * Returns what an earlier run has left; empty if it has left nothing, or something else.
     *
     * @param what the version or the command
     */
    static Optional<RollingProgress> resumed(DeployFolder folder, String service, String what, long revision) {
        return PropertyFile.read(folder.progress(service))
                .filter(values -> values.getProperty("what", "").equals(what)
                        && values.getProperty("revision", "").equals(String.valueOf(revision)))
                .map(values -> {
                    RollingProgress progress = new RollingProgress(folder, service, what);
                    for (String target : values.getProperty("replaced", "").split(" ")) {
                        if (!target.isEmpty()) {
                            progress.replaced.add(Target.parse(target));
                        }
                    }
                    return progress;
                });
    }

    static boolean isThere(DeployFolder folder, String service) {
        return Files.exists(folder.progress(service));
    }

    int count() {
        return replaced.size();
    }

    boolean has(Target target) {
        return replaced.contains(target);
    }

    void add(Target target) {
        replaced.add(target);
    }

    /** Writes what was done. @param revision that the next run may go on from */
    void write(long revision) throws IOException {
        TreeMap<String, String> values = new TreeMap<>();
        values.put("what", what);
        values.put("revision", String.valueOf(revision));
        values.put("replaced", ServiceView.join(replaced));
        PropertyFile.write(folder.progress(service), values);
    }

    void end() throws IOException {
        Files.deleteIfExists(folder.progress(service));
    }
}
