package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Pool;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.routing.Transition;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/** A private nginx, a target behind each slot that answers with the slot's name, and a plane that drives it all. */
final class Fixture implements AutoCloseable {

    final Backend blue = Backend.start().always(Effect.ok("blue"));
    final Backend green = Backend.start().always(Effect.ok("green"));
    final Backend second = Backend.start().always(Effect.ok("second"));
    final PrivateNginx nginx;
    private final Map<String, String> settings;
    private Pool bluePool = Pool.of(List.of(target(blue)));
    private NginxPlane plane;
    private Service service;
    private OnDrift onDrift = OnDrift.FAIL;

    private Fixture(PrivateNginxMaker maker, Style style) throws IOException {
        nginx = maker.make(blue.address());
        settings = nginx.settings(style);
        settings.put("turnout.nginx.command-timeout", "5s");
        settings.put("turnout.nginx.confirm-timeout", "5s");
    }

    private interface PrivateNginxMaker {
        PrivateNginx make(String target) throws IOException;
    }

    /** With a site of nginx-compat; blue serves. */
    static Fixture of(Style style, Path folder) throws IOException {
        return new Fixture(target -> PrivateNginx.of(style, folder, target), style);
    }

    /** With a site and an include in style variable, in which {@code BLUE} stands for blue's address. */
    static Fixture of(Path folder, String site, String include) throws IOException {
        return new Fixture(target -> PrivateNginx.start(folder, site, include.replace("BLUE", target)), Style.VARIABLE);
    }

    Fixture set(String key, String value) {
        settings.put("turnout.nginx." + key, value);
        return this;
    }

    /** With an nginx whose program can be upgraded. */
    Fixture asDaemon() throws IOException {
        nginx.restartAsDaemon();
        return this;
    }

    Fixture withSecondTarget() {
        bluePool = Pool.of(List.of(target(blue), target(second)));
        return this;
    }

    /** A plane that has adopted what it found, with no state from before. */
    Fixture adopt() {
        return adopt(Optional.empty());
    }

    /** A plane that has adopted what it found, as after a restart with a recorded state. */
    Fixture adopt(Optional<Service> recorded) {
        close(plane);
        plane = new NginxPlane(config().nginx());
        Service first = Service.initial("default", bluePool, Pool.of(List.of(target(green))), Instant.EPOCH);
        RoutingState configured = RoutingState.of(List.of(recorded.orElse(first)));
        NginxPlane.Adopted adopted =
                plane.adopt(recorded.map(known -> RoutingState.of(List.of(known))), configured, Instant.EPOCH);
        service = adopted.state().services().get("default");
        warnings = adopted.warnings();
        return this;
    }

    List<String> warnings = List.of();

    NginxPlane plane() {
        return plane;
    }

    Service service() {
        return service;
    }

    /** Publishes the state after a command. */
    void apply(Command command) {
        publish(((Changed) Transition.apply(service, command, Instant.EPOCH, "test")).service());
    }

    void switchTo(Slot slot) {
        apply(new Command.SwitchTo(slot));
    }

    /** Publishes a state; throws {@link PublishFailed} as the switcher would see it. */
    void publish(Service next) {
        OnDrift now = onDrift;
        onDrift = OnDrift.FAIL;
        try {
            plane.publish(RoutingState.of(List.of(next)), now)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PublishFailed failed ? failed : e;
        }
        service = next;
    }

    /** Has the next publication overwrite what somebody else has changed. */
    void overwriteNext() {
        onDrift = OnDrift.OVERWRITE;
    }

    InFlight inFlight(Backend backend) {
        return plane.inFlight("default", List.of(target(backend)));
    }

    /** What nginx answers to a GET over a connection of its own. */
    String answer() {
        return BrowserLoad.once(nginx.front());
    }

    String include() throws IOException {
        return Files.readString(nginx.include());
    }

    /** The files in the include's folder: nothing but it may be left there. */
    List<String> beside() throws IOException {
        try (var files = Files.list(nginx.include().getParent())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Target target(Backend backend) {
        return Target.parse(backend.address());
    }

    private TurnoutConfig config() {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(new TreeMap<>(settings), "test", 500))
                .build());
    }

    private static void close(NginxPlane plane) {
        if (plane != null) {
            plane.close();
        }
    }

    @Override
    public void close() {
        close(plane);
        nginx.close();
        blue.close();
        green.close();
        second.close();
    }
}
