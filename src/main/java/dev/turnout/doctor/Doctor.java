package dev.turnout.doctor;

import dev.turnout.client.AdminClient;
import dev.turnout.config.NamedPaths;
import dev.turnout.config.NamedPaths.NamedPath;
import dev.turnout.config.NamedPaths.Use;
import dev.turnout.config.ProcessTable;
import dev.turnout.config.RuleFiles;
import dev.turnout.config.ServedConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.tls.CertificateInspection;
import dev.turnout.tls.CertificateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All checks of one machine, in the order in which an operator reads them. Nothing is changed, and Turnout need not run.
 */
public final class Doctor {

    private static final Duration USUAL_DRAIN = Duration.ofSeconds(30);

    private final ServedConfig configuration;
    private final Optional<AdminClient> turnout;
    private final SystemFiles files;
    private final Units units;
    private final ProcessTable processes = new ProcessTable();

    /**
     * @param configuration what Turnout is started with
     * @param turnout the running Turnout, if its place is known; it need not answer
     */
    public Doctor(ServedConfig configuration, Optional<AdminClient> turnout) {
        this.configuration = configuration;
        this.turnout = turnout;
        this.files = new SystemFiles(Path.of("/"));
        this.units = new Units(files);
    }

    /** Runs all checks. Blocks, for a second more than {@code turnout.upstream.idle} if applications run. */
    public List<Finding> examine() {
        return checks().stream().flatMap(check -> check.look().stream()).toList();
    }

    private List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(new ConfigurationCheck(configuration.report(), configuration.unreadable()));
        configuration.values().ifPresent(config -> {
            ofPorts(config, checks);
            ofState(config, checks);
            checks.add(rights(config));
            ofApplications(config, checks);
            checks.add(new FileLimitCheck(ServedConfig.descriptors(config), pid(config), files, units));
            checks.add(new MigrateCheck(config.listen().reusePort(), files));
        });
        checks.add(new UnitFileCheck(
                units, configuration.values().map(ServiceSettings::longestDrain).orElse(USUAL_DRAIN)));
        checks.add(new BacklogCheck(files));
        checks.add(new ClockCheck(files, () -> SystemProgram.output(ClockCheck.QUESTION)));
        return checks;
    }

    private void ofPorts(TurnoutConfig config, List<Check> checks) {
        if (config.mode() == Mode.PROXY) {
            checks.add(new RuleFilesCheck(RuleFiles.check(config)));
            ofPort(config.listen().port(), "turnout.listen.port", units.hasSocket(), checks);
            config.tls().port().ifPresent(port -> {
                ofPort(port, "turnout.tls.port", units.hasTlsSocket(), checks);
                checks.add(CertificatesCheck.ofFront(config, Clock.systemUTC()));
                checks.add(new NamesCheck(config.acme(), NamesCheck::look, LocalAddresses.of()));
                checks.add(new ChallengePortCheck(config.acme(), NamesCheck::look, ChallengePortCheck::opens));
            });
            turnout.ifPresent(client -> checks.add(new RedirectLoopsCheck(
                    client, ServiceSettings.of(config).get(0).name())));
        } else {
            checks.add(new NginxUnitCheck(units, config.nginx().include()));
            ServiceSettings.of(config)
                    .forEach(service ->
                            checks.add(new NginxDriftCheck(config.nginx().include(), service.name(), turnout)));
        }
        checks.add(new PortOwnerCheck(config.admin().port(), "turnout.admin.port", processes));
        CertificatesCheck.ofAdmin(config, Clock.systemUTC()).ifPresent(checks::add);
        turnout.ifPresent(client -> checks.add(new AnswerCheck(client)));
    }

    private FileRightsCheck rights(TurnoutConfig config) {
        String self = System.getProperty("user.name");
        List<NamedPath> paths = new ArrayList<>(NamedPaths.of(config));
        if (config.mode() == Mode.PROXY && config.tls().port().isPresent()) {
            CertificateInspection.of(CertificateSettings.of(config), Instant.now())
                    .files()
                    .forEach(file -> paths.add(new NamedPath("turnout.tls", file, Use.READ)));
        }
        units.service()
                .ifPresent(unit -> paths.add(new NamedPath("turnout.state.directory", stateFolder(config), Use.WRITE)));
        return new FileRightsCheck(
                paths,
                WritableFolders.of(units.service().orElse(Map.of())),
                units.service().map(unit -> unit.getOrDefault("User", "root")).orElse(self),
                self,
                SystemProgram::output);
    }

    private void ofPort(int port, String key, boolean isOfSocket, List<Check> checks) {
        checks.add(new PortRightsCheck(port, key, isOfSocket, files, units));
        checks.add(new PortOwnerCheck(port, key, processes));
    }

    private void ofState(TurnoutConfig config, List<Check> checks) {
        Path folder = stateFolder(config);
        checks.add(new StateFolderCheck(folder, processes.ownUser(), files));
        checks.add(new DiskCheck(folder.toString(), usable(folder)));
    }

    /** Returns the folder of the configuration. A unit gives its process another one where the configuration has none. */
    private Path stateFolder(TurnoutConfig config) {
        Path configured = config.state().directory();
        return configured.isAbsolute()
                ? configured
                : units.variable("TURNOUT_STATE_DIRECTORY").map(Path::of).orElse(configured);
    }

    private void ofApplications(TurnoutConfig config, List<Check> checks) {
        LocalProcesses local = new LocalProcesses(processes);
        List<AskedTarget> asked = AskedTarget.of(config);
        ServiceSettings.of(config)
                .forEach(service ->
                        checks.add(new SameBuildCheck(service.name(), service.blue(), service.green(), local)));
        asked.forEach(target -> checks.add(new GracefulShutdownCheck(target.target(), local)));
        config.docker().socket().ifPresent(socket -> checks.add(new ContainersCheck(socket)));
        turnout.filter(client -> config.mode() == Mode.PROXY).ifPresent(client -> ServiceSettings.of(config).stream()
                .filter(service -> service.connections() > 0)
                .forEach(service ->
                        checks.add(new WaitingRequestsCheck(client, service.name(), service.connections()))));
        checks.add(new EncryptedTargetsCheck(asked, Clock.systemUTC()));
        checks.add(new Http2TargetsCheck(
                asked.stream().filter(AskedTarget::hasPriorKnowledge).toList()));
        asked.stream()
                .filter(AskedTarget::isHttp1)
                .collect(Collectors.groupingBy(AskedTarget::idle, TreeMap::new, Collectors.toList()))
                .forEach((time, targets) -> checks.add(new KeepAliveCheck(targets, time)));
    }

    private OptionalLong pid(TurnoutConfig config) {
        return processes
                .listener(config.admin().port())
                .flatMap(ProcessTable.Listener::process)
                .filter(PortOwnerCheck::isTurnout)
                .map(process -> OptionalLong.of(process.pid()))
                .orElseGet(OptionalLong::empty);
    }

    /** Returns how many bytes can be written into a folder, or into the folder above that is there. */
    private static OptionalLong usable(Path folder) {
        for (Path place = folder.toAbsolutePath(); place != null; place = place.getParent()) {
            if (Files.exists(place)) {
                try {
                    return OptionalLong.of(Files.getFileStore(place).getUsableSpace());
                } catch (IOException e) {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }
}
