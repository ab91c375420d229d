package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code services}: lists them, or adds, changes and removes those of the run time. */
final class ServicesWord implements Word {

    private static final String SET = "set";
    private static final String REMOVE = "remove";

    @Override
    public String word() {
        return "services";
    }

    @Override
    public Phrase summary() {
        return new Phrase("List the services, or add and remove one at run time", "서비스를 보여 주거나 실행 중에 추가하고 제거합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "'services set' takes the keys of the configuration without turnout.services.\"NAME\". before"
                                + " them. All of it comes into force, or nothing. It holds over restarts, until 'services"
                                + " remove'.",
                        "'services set'에는 설정 키를 앞의 turnout.services.\"NAME\". 없이 씁니다. 전부 적용되거나 아무것도 적용되지"
                                + " 않습니다. 재시작 뒤에도 'services remove'를 실행할 때까지 유지됩니다."),
                new Phrase(
                        "A service of the configuration is changed there, by 'turnout reload'.",
                        "설정 파일에 있는 서비스는 파일을 고치고 'turnout reload'로 바꿉니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout services", new Phrase("lists all services", "모든 서비스를 보여 줍니다")),
                new Example(
                        "turnout services set shop hosts=shop.example.com blue=10.0.0.7:8080 green=10.0.0.7:8082",
                        new Phrase("adds a service, or changes it", "서비스를 추가하거나 바꿉니다")),
                new Example("turnout services remove shop", new Phrase("removes it", "서비스를 제거합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter(
                        "ACTION",
                        false,
                        new Phrase("add, change or remove a service", "서비스를 추가, 변경, 제거합니다"),
                        SET,
                        REMOVE)
                .parameter("NAME", false, new Phrase("the service", "서비스"))
                .parameters("KEY=VALUE", new Phrase("keys of the service", "서비스의 키"));
        ReloadCall.define(
                spec,
                new Phrase(
                        "without the health check, and although requests are in flight",
                        "상태 확인 없이, 처리 중인 요청이 있어도 실행합니다"));
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        String action = Session.parameter(given, 0).orElse("");
        Optional<String> name = Session.parameter(given, 1);
        List<String> keys = given.matchedPositionalValue(2, List.of());
        if (action.isEmpty()) {
            return list(given, session, location);
        }
        boolean isSet = action.equals(SET) && !keys.isEmpty();
        boolean isRemoval = action.equals(REMOVE) && keys.isEmpty();
        if (name.isEmpty() || !(isSet || isRemoval)) {
            throw misspelt(session);
        }
        AdminPath path = ReloadCall.added(AdminPath.of("admin", "services", name.get()), given, session);
        AdminClient client = location.client();
        return ReloadCall.answered(
                isSet
                        ? client.callWith(body(keys, session), "PUT", path, ReloadCall.LONGEST)
                        : client.call("DELETE", path, ReloadCall.LONGEST),
                given,
                session,
                location);
    }

    private static String body(List<String> keys, Session session) throws WordFailed {
        JsonObject service = new JsonObject();
        for (String key : keys) {
            int equals = key.indexOf('=');
            if (equals < 1) {
                throw misspelt(session);
            }
            service.put(key.substring(0, equals), key.substring(equals + 1));
        }
        return service.encode();
    }

    private static ExitCode list(ParseResult given, Session session, TurnoutLocation location) throws WordFailed {
        Answer answer = new Answer(session, location);
        List<String> services =
                answer.status(location.client(), Optional.empty()).services();
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(new JsonArray(services).encode());
        } else if (!Session.has(given, WordSpec.QUIET)) {
            services.forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static WordFailed misspelt(Session session) {
        return new WordFailed(
                ExitCode.USAGE,
                session.say(
                        "It is not understood: 'turnout services', 'turnout services set NAME KEY=VALUE ...', or 'turnout"
                                + " services remove NAME'.",
                        "이해할 수 없습니다: 'turnout services', 'turnout services set NAME KEY=VALUE ...' 또는 'turnout services"
                                + " remove NAME'."));
    }
}
