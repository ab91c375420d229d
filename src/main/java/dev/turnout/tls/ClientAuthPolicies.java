package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateSettings.ClientAuthFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The policies for client certificates, with the authorities read from their files. A file that can't be read leaves the
 * authorities of the last look in use. One thread at a time.
 */
final class ClientAuthPolicies {

    private final Map<Path, List<X509Certificate>> authorities = new HashMap<>();
    private final List<CertificateProblem> problems = new ArrayList<>();
    private Map<String, ClientAuthPolicy> own = Map.of();
    private ClientAuthPolicy common = ClientAuthPolicy.NONE;

    /**
     * Reads the files of the authorities.
     *
     * @return what is wrong with them; a policy without authorities lets no client in
     */
    List<CertificateProblem> look(CertificateSettings settings) {
        problems.clear();
        Map<String, ClientAuthPolicy> next = new HashMap<>();
        settings.ownClientAuth().forEach((name, file) -> next.put(name, policy(file)));
        common = policy(settings.clientAuth());
        own = next;
        return List.copyOf(problems);
    }

    /** Returns why a file of authorities of other settings can't be used that was never read. Changes nothing. */
    Optional<TlsText> refusal(CertificateSettings next) {
        return new ClientAuthPolicies()
                .look(next).stream()
                        .filter(problem -> !authorities.containsKey(Path.of(problem.origin())))
                        .map(CertificateProblem::text)
                        .findFirst();
    }

    /** Returns what holds for certificates without their own policy. */
    ClientAuthPolicy common() {
        return common;
    }

    /** Returns what is configured for a certificate or a host. */
    Optional<ClientAuthPolicy> own(String name) {
        return Optional.ofNullable(own.get(name));
    }

    private ClientAuthPolicy policy(ClientAuthFile file) {
        return file.authorities()
                .map(path -> kept(new ClientAuthPolicy(file.demand(), read(path, file.configKey()))))
                .orElse(ClientAuthPolicy.NONE);
    }

    /** Returns the object of the last look if it is equal: requests of open connections then compare one object. */
    private ClientAuthPolicy kept(ClientAuthPolicy found) {
        return Stream.concat(Stream.of(common), own.values().stream())
                .filter(found::equals)
                .findFirst()
                .orElse(found);
    }

    private List<X509Certificate> read(Path file, String configKey) {
        try {
            authorities.put(file, PemFile.authorities(file));
        } catch (UnusablePair e) {
            problem(file, configKey, e.reason());
        } catch (IOException e) {
            problem(file, configKey, FileAccess.explain(file, e));
        }
        return authorities.getOrDefault(file, List.of());
    }

    private void problem(Path file, String configKey, TlsText reason) {
        TlsFinding held = authorities.containsKey(file) ? TlsFinding.AUTHORITIES_KEPT : TlsFinding.CLIENTS_REFUSED;
        problems.add(new CertificateProblem(
                file.toString(), reason.at(configKey + "=" + file).then(held), false));
    }
}
