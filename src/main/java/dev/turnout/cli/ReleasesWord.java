package dev.turnout.cli;

import dev.turnout.deployment.DeployFolder;
import dev.turnout.deployment.Release;
import dev.turnout.deployment.Releases;
import dev.turnout.routing.Slot;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code releases}. It looks at this machine only, and works while Turnout does not run. */
final class ReleasesWord implements Word {

    private static final String STATE = "--state";
    private static final int SHORT_CHECKSUM = 12;

    @Override
    public String word() {
        return "releases";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List the versions that this machine can start again", "이 서버에서 다시 시작할 수 있는 버전을 보여 줍니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(new Phrase(
                "The last 5 deployments of each service are kept, with their jars. The slot is the one that got the release"
                        + " last.",
                "서비스마다 최근 배포 5개를 jar와 함께 보관합니다. 슬롯은 그 릴리스를 마지막으로 받은 슬롯입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout releases", new Phrase("lists them, the newest first", "최신 순으로 보여 줍니다")),
                new Example("turnout rollback --to-release 3", new Phrase("goes back to one of them", "그중 하나로 되돌립니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.option(
                        "NAME",
                        new Phrase("the service, if there is more than one", "서비스 이름. 서비스가 여럿일 때 지정합니다"),
                        WordSpec.SERVICE)
                .file("DIR", new Phrase("the folder of releases, copies and logs", "릴리스, 복사본, 로그의 폴더"), STATE)
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) {
        Optional<Path> state = Optional.ofNullable(given.matchedOptionValue(STATE, (Path) null));
        DeployFolder folder = DeployFolder.of(state, session.environment());
        Releases releases = new Releases(folder, Session.service(given));
        List<Release> all = releases.list();
        if (Session.has(given, WordSpec.JSON)) {
            JsonArray array = new JsonArray();
            all.forEach(release -> array.add(json(release, releases)));
            session.terminal()
                    .line(new JsonObject()
                            .put("service", Session.service(given))
                            .put("releases", array)
                            .encodePrettily());
        } else if (all.isEmpty()) {
            session.terminal()
                    .line(session.say(
                            "There is no release of service " + Session.service(given) + " in " + folder.root() + ".",
                            folder.root() + "에 서비스 " + Session.service(given) + "의 릴리스가 없습니다."));
        } else {
            table(all, releases, session).forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static List<String> table(List<Release> all, Releases releases, Session session) {
        Table table = new Table()
                .row(
                        session.say("RELEASE", "릴리스"),
                        session.say("VERSION", "버전"),
                        session.say("SLOT", "슬롯"),
                        session.say("WHEN", "시각"),
                        session.say("WHO", "배포자"),
                        "SHA-256",
                        session.say("FILE", "파일"));
        for (Release release : all) {
            table.row(
                    String.valueOf(release.id()),
                    release.build().name(),
                    slot(release, releases).orElse("-"),
                    release.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                    release.by(),
                    release.build()
                            .sha256()
                            .map(sha -> sha.substring(0, SHORT_CHECKSUM))
                            .orElse("-"),
                    release.build().file().orElse("-"));
        }
        return table.lines();
    }

    private static Optional<String> slot(Release release, Releases releases) {
        List<String> slots = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            if (releases.of(slot).equals(Optional.of(release))) {
                slots.add(slot.toString());
            }
        }
        return slots.isEmpty() ? Optional.empty() : Optional.of(String.join(",", slots));
    }

    private static JsonObject json(Release release, Releases releases) {
        return new JsonObject()
                .put("release", release.id())
                .put("version", release.build().version())
                .put("commit", release.build().commit().orElse(null))
                .put("sha256", release.build().sha256().orElse(null))
                .put("file", release.build().file().orElse(null))
                .put("slot", slot(release, releases).orElse(null))
                .put("by", release.by())
                .put("at", release.at().toString());
    }
}
