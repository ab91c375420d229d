package dev.turnout.tls;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.tls.CertificateSettings.ClientAuthFile;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings of certificates for tests. */
final class TestSettings {

    private final Path state;
    private final List<PairFiles> files = new ArrayList<>();
    private final List<Path> acme = new ArrayList<>();
    private final Map<String, ClientAuthFile> own = new HashMap<>();
    private Engine engine = Engine.AUTO;
    private Optional<Path> directory = Optional.empty();
    private Set<String> awaited = Set.of();
    private boolean isStrict;
    private ClientAuthFile clientAuth = new ClientAuthFile(Demand.NONE, "", Optional.empty(), "");

    TestSettings(Path state) {
        this.state = state;
    }

    TestSettings engine(Engine one) {
        engine = one;
        return this;
    }

    TestSettings directory(Path folder) {
        directory = Optional.of(folder);
        return this;
    }

    TestSettings acme(Path folder, String... names) {
        acme.add(folder);
        awaited = Set.of(names);
        return this;
    }

    /** Names {@code NAME.crt} and {@code NAME.key} in a folder. */
    TestSettings file(Path folder, String name) {
        files.add(new PairFiles(
                CertificateSource.FILE,
                name,
                folder.resolve(name + ".crt"),
                Optional.of(folder.resolve(name + ".key")),
                Optional.empty(),
                "turnout.tls.certificates.\"" + name + "\"."));
        return this;
    }

    TestSettings strict() {
        isStrict = true;
        return this;
    }

    TestSettings clientAuth(Demand demand, Path authorities) {
        clientAuth = new ClientAuthFile(
                demand, "turnout.tls.client-auth", Optional.of(authorities), "turnout.tls.client-ca");
        return this;
    }

    TestSettings clientAuthOf(String name, Demand demand, Path authorities) {
        own.put(
                name,
                new ClientAuthFile(
                        demand,
                        "turnout.tls.certificates.\"" + name + "\".client-auth",
                        demand == Demand.NONE ? Optional.empty() : Optional.of(authorities),
                        "turnout.tls.certificates.\"" + name + "\".client-ca"));
        return this;
    }

    CertificateSettings settings() {
        return new CertificateSettings(
                engine,
                files,
                directory,
                acme,
                awaited,
                isStrict,
                clientAuth,
                own,
                List.of(),
                true,
                state.resolve("tls"));
    }
}
