package dev.turnout.fleet;

import dev.turnout.config.AdminAddress;
import dev.turnout.config.FleetConfig;
import dev.turnout.config.FleetConfig.Flip;
import dev.turnout.config.FleetConfig.WhenInDoubt;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.fleet.etcd.EtcdSettings;
import dev.turnout.fleet.etcd.EtcdSettings.Login;
import dev.turnout.tls.CallerTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;

/**
 * What a member of a fleet is given.
 *
 * @param name of the fleet
 * @param member the name of this machine's place
 * @param address of the admin API, for the roster
 * @param flip how members flip together
 * @param startAlone how long a start waits for the store; empty for ever
 * @param read the time between two reads of the store
 * @param lease how long a member counts as present after its last word
 * @param leavesOnStop whether a stop takes this member out of the fleet
 */
public record FleetSettings(
        EtcdSettings etcd,
        String name,
        String member,
        String address,
        FlipSettings flip,
        Optional<Duration> startAlone,
        Duration read,
        Duration lease,
        boolean leavesOnStop) {

    private static final Logger LOG = Logger.getLogger(FleetSettings.class);

    /**
     * Reads the files of TLS; empty without a fleet. Blocks.
     *
     * @param address the URL of the admin API, unless the configuration has one for members
     * @param host the name of this machine
     * @throws dev.turnout.tls.TlsRefused if a file can't be used
     */
    public static Optional<FleetSettings> of(TurnoutConfig config, String address, String host) {
        FleetConfig fleet = config.fleet();
        if (fleet.endpoints().isEmpty()) {
            return Optional.empty();
        }
        EtcdSettings etcd = new EtcdSettings(fleet.endpoints(), tls(fleet), login(fleet), EtcdSettings.ANSWER);
        return Optional.of(new FleetSettings(
                etcd,
                fleet.name(),
                fleet.member().orElse(host),
                fleet.address()
                        .map(given -> new AdminAddress(given.host(), given.port())
                                .url(config.admin().isSecure())
                                .toString())
                        .orElse(address),
                new FlipSettings(
                        fleet.flip() == Flip.STRICT,
                        fleet.hold(),
                        fleet.inDoubt(),
                        fleet.whenInDoubt() == WhenInDoubt.SERVE),
                fleet.startAlone(),
                fleet.read(),
                fleet.lease(),
                fleet.leaveOnStop()));
    }

    /** Returns what all keys of the fleet begin with. */
    String prefix() {
        return "/turnout/" + name + "/";
    }

    private static Optional<SSLContext> tls(FleetConfig fleet) {
        return fleet.caFile().isEmpty() && fleet.cert().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        CallerTls.of(fleet.caFile(), fleet.cert(), fleet.key()).context());
    }

    private static Optional<Login> login(FleetConfig fleet) {
        return fleet.user().flatMap(user -> fleet.passwordFile().map(file -> new Login(user, () -> firstLine(file))));
    }

    /** Returns the empty password if there is none: etcd refuses it, and says so. */
    private static String firstLine(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            LOG.errorf("turnout.fleet.password-file=%s can't be read: %s", file, e);
            return "";
        }
    }
}
