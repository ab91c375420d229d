package dev.turnout.acme;

import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeDirectory;
import dev.turnout.support.Pebble;
import dev.turnout.support.TestClock;
import dev.turnout.text.TlsText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** One Turnout's orders against an authority, with a clock that the test sets. */
final class RenewalsFixture {

    final TestClock clock = new TestClock(Instant.now());
    final AtomicInteger issued = new AtomicInteger();
    final List<String> failed = new ArrayList<>();

    /** What a process was said to fail in before it began. */
    final List<Map.Entry<String, Instant>> failing = new ArrayList<>();

    private final Path root;
    private final Proofs proofs;
    private CaSettings ca =
            new CaSettings(Optional.of("admin@example.com"), Optional.empty(), Optional.empty(), Optional.empty());
    private AcmeDirectory directory = AcmeDirectory.parse("https://localhost:1/dir");
    private Optional<AcmeDirectory> staging = Optional.empty();
    private Optional<AcmeDirectory> fallback = Optional.empty();
    private AcmeChallenge challenge = AcmeChallenge.HTTP_01;
    private IssuingRight right;
    private FolderChanges changes = FolderChanges.NONE;
    private boolean checksItself;

    RenewalsFixture(Path root, Proofs proofs) {
        this.root = root;
        this.proofs = proofs;
        this.right = new HostRight(root);
    }

    RenewalsFixture at(Pebble pebble) {
        directory = AcmeDirectory.parse(pebble.directory().toString());
        ca = new CaSettings(ca.email(), ca.profile(), ca.externalAccount(), Optional.of(pebble.caFile()));
        return this;
    }

    RenewalsFixture at(AcmeDirectory given) {
        directory = given;
        return this;
    }

    /** Trusts another authority too. */
    RenewalsFixture trust(Pebble other) throws IOException {
        Path both = Files.writeString(
                Files.createTempFile(root, "trust", ".pem"),
                Files.readString(ca.caFile().orElseThrow()) + Files.readString(other.caFile()));
        ca = new CaSettings(ca.email(), ca.profile(), ca.externalAccount(), Optional.of(both));
        return this;
    }

    RenewalsFixture staging(AcmeDirectory given) {
        staging = Optional.of(given);
        return this;
    }

    RenewalsFixture fallback(AcmeDirectory given) {
        fallback = Optional.of(given);
        return this;
    }

    RenewalsFixture challenge(AcmeChallenge given) {
        challenge = given;
        return this;
    }

    RenewalsFixture account(CaSettings given) {
        ca = given;
        return this;
    }

    RenewalsFixture right(IssuingRight given) {
        right = given;
        return this;
    }

    RenewalsFixture changes(FolderChanges given) {
        changes = given;
        return this;
    }

    RenewalsFixture checksItself() {
        checksItself = true;
        return this;
    }

    CaSettings account() {
        return ca;
    }

    /** A process that begins: it knows nothing but the files. */
    Renewals begin() {
        return new Renewals(
                new AcmeSettings(
                        directory,
                        staging,
                        fallback,
                        challenge,
                        checksItself,
                        root,
                        false,
                        ca,
                        new AcmeSettings.Dns(Optional.empty(), Optional.empty(), Duration.ZERO)),
                (where, key) -> new Acme4jAuthority(where.address(), key, ca),
                proofs,
                right,
                changes,
                new OrderListener() {
                    @Override
                    public void issued() {
                        issued.incrementAndGet();
                    }

                    @Override
                    public void failed(List<String> names, TlsText reason) {
                        failed.add(String.join(",", names) + ": " + reason.english());
                    }

                    @Override
                    public void failing(List<String> names, Instant told) {
                        failing.add(Map.entry(String.join(",", names), told));
                    }
                },
                clock,
                new SplittableRandom(1));
    }

    /** Runs until nothing is due any more. Returns when something will be. */
    Instant runAll(Renewals renewals, List<CertificatePlan> plans) throws InterruptedException {
        Instant next = renewals.run(plans);
        for (int rounds = 0; !next.isAfter(clock.instant()) && rounds < 20; rounds++) {
            next = renewals.run(plans);
        }
        return next;
    }

    AuthorityFolder folder() {
        return folder(directory);
    }

    AuthorityFolder folder(AcmeDirectory of) {
        return new AuthorityFolder(root.resolve(of.name()), FolderChanges.NONE);
    }

    static List<CertificatePlan> plans(String... names) {
        return CertificatePlan.of(List.of(names), false);
    }
}
