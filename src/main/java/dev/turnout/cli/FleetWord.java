package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** The word {@code fleet}: shows the fleet, begins one, enters it and leaves it. */
final class FleetWord implements Word {

    private static final String STATUS = "status";
    private static final String MEMBERS = "members";
    private static final String INIT = "init";
    private static final String JOIN = "join";
    private static final String LEAVE = "leave";
    private static final String RECOVER = "recover";
    private static final String CONFIRM = "--confirm";

    /** etcd is asked several times, at each of its nodes. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int CELL_CHARACTERS = 300;

    @Override
    public String word() {
        return "fleet";
    }

    @Override
    public Phrase summary() {
        return new Phrase(
                "Show the fleet of Turnouts, begin it, enter it, leave it or recover it",
                "여러 Turnout의 플릿을 보여 주거나 시작하고, 들어가거나 나오거나 복구합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(new Phrase(
                "A fleet is several Turnouts whose changes are decided together on etcd. The nodes of etcd are named by"
                        + " turnout.fleet.endpoints.",
                "플릿은 etcd에서 변경을 함께 결정하는 여러 Turnout입니다. etcd 노드는 turnout.fleet.endpoints로 지정합니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout fleet status", new Phrase("shows what each member serves", "멤버마다 무엇을 서비스하는지 보여 줍니다")),
                new Example("turnout fleet members", new Phrase("shows who is here", "누가 있는지 보여 줍니다")),
                new Example(
                        "turnout fleet init",
                        new Phrase("begins the fleet with what this Turnout serves", "이 Turnout이 서비스하는 상태로 플릿을 시작합니다")),
                new Example("turnout fleet join", new Phrase("enters the fleet", "플릿에 들어갑니다")),
                new Example(
                        "turnout fleet leave m3",
                        new Phrase("takes a dead machine out of the fleet", "죽은 서버를 플릿에서 뺍니다")),
                new Example(
                        "turnout fleet recover",
                        new Phrase("shows what the members know, after etcd was lost", "etcd를 잃은 뒤 멤버가 아는 것을 보여 줍니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameter(
                        "status|members|init|join|leave|recover",
                        true,
                        new Phrase("what to do", "할 일"),
                        STATUS,
                        MEMBERS,
                        INIT,
                        JOIN,
                        LEAVE,
                        RECOVER)
                .parameter(
                        "MEMBER",
                        false,
                        new Phrase("who leaves; without it the one that is asked", "나가는 멤버. 없으면 요청을 받은 멤버"))
                .option("PLAN", new Phrase("of recover: carry out this plan", "recover: 이 계획을 실행합니다"), CONFIRM)
                .option(
                        "MEMBERS",
                        new Phrase(
                                "of recover: members that are not asked, since their machines are dead",
                                "recover: 서버가 죽어 묻지 않을 멤버"),
                        ChangeOptions.WITHOUT)
                .remote()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        String action = given.matchedPositionalValue(0, "");
        TurnoutLocation location = session.location(given);
        AdminClient client = location.client();
        Answer answer = new Answer(session, location);
        AdminPath fleet = AdminPath.of("admin", "fleet");
        AdminOutcome outcome =
                switch (action) {
                    case STATUS, MEMBERS -> client.call("GET", fleet, Answer.QUICK);
                    case INIT -> client.call("POST", by(AdminPath.of("admin", "fleet", INIT), session), LONGEST);
                    case JOIN -> client.call("POST", by(AdminPath.of("admin", "fleet", JOIN), session), LONGEST);
                    case RECOVER ->
                        client.call(
                                "POST",
                                by(AdminPath.of("admin", "fleet", RECOVER), session)
                                        .with("confirm", Session.option(given, CONFIRM))
                                        .with("without", Session.option(given, ChangeOptions.WITHOUT)),
                                LONGEST);
                    case LEAVE -> {
                        Optional<String> named = Session.parameter(given, 1);
                        String member = named.isPresent() ? named.get() : own(answer, client, fleet);
                        yield client.call(
                                "DELETE", by(AdminPath.of("admin", "fleet", MEMBERS, member), session), LONGEST);
                    }
                    default -> throw unknown(action, session);
                };
        JsonObject json = answer.json(outcome);
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal().line(answer.answered(outcome).body());
        } else if (!Session.has(given, WordSpec.QUIET)) {
            List<String> lines = action.equals(RECOVER)
                    ? FleetRecoveryText.lines(json, session)
                    : lines(json, !action.equals(MEMBERS), session);
            lines.forEach(session.terminal()::line);
        }
        return ExitCode.DONE;
    }

    private static AdminPath by(AdminPath path, Session session) {
        return path.with("by", session.person());
    }

    private static String own(Answer answer, AdminClient client, AdminPath fleet) throws WordFailed {
        return text(answer.get(client, fleet), "member");
    }

    private static WordFailed unknown(String action, Session session) {
        String shown = VisibleText.of(action, VisibleText.SHORT);
        return new WordFailed(
                ExitCode.USAGE,
                session.say(
                        "'" + shown
                                + "' is not known here: it is one of status, members, init, join, leave and recover.",
                        "'" + shown + "'은(는) 알 수 없는 말입니다. status, members, init, join, leave, recover 가운데 하나입니다."));
    }

    private static List<String> lines(JsonObject fleet, boolean withServices, Session session) {
        List<String> lines = new ArrayList<>();
        String name = text(fleet, "name");
        String member = text(fleet, "member");
        lines.add(
                fleet.getValue("fleet") == null
                        ? session.say(
                                "This Turnout is not in fleet '" + name + "': it changes by itself.",
                                "이 Turnout은 플릿 '" + name + "'에 들어 있지 않으며, 혼자 변경합니다.")
                        : session.say(
                                "Fleet '" + name + "', this is member '" + member + "'.",
                                "플릿 '" + name + "'의 멤버 '" + member + "'입니다."));
        if (fleet.getValue("trouble") instanceof String trouble) {
            lines.add(session.terminal()
                    .styled(
                            Style.RED,
                            session.say(
                                    "Changes are refused since " + text(fleet, "since") + ": "
                                            + VisibleText.of(trouble, CELL_CHARACTERS),
                                    text(fleet, "since") + "부터 변경을 거절합니다: " + korean(text(fleet, "troubleKind")))));
        }
        if (withServices) {
            lines.addAll(services(fleet, session));
            lines.addAll(others(fleet, session));
        }
        lines.addAll(members(fleet, session));
        if (withServices) {
            lines.addAll(elected(fleet, session));
        }
        return lines;
    }

    /** Returns who looks after the targets of which services: mostly one member after those of all. */
    private static List<String> elected(JsonObject fleet, Session session) {
        SortedMap<String, List<String>> services = new TreeMap<>();
        for (JsonObject service : objects(fleet, "services")) {
            if (service.getValue("elected") instanceof String elected) {
                services.computeIfAbsent(VisibleText.of(elected, CELL_CHARACTERS), first -> new ArrayList<>())
                        .add(text(service, "service"));
            }
        }
        List<String> lines = new ArrayList<>();
        services.forEach((member, names) -> {
            String of = services.size() == 1 ? "" : String.join(", ", names);
            lines.add(session.say(
                    "Member '" + member + "' looks names up for all, and removes targets that are not renewed"
                            + (of.isEmpty() ? "." : ": of " + of + "."),
                    (of.isEmpty() ? "" : of + ": ") + "멤버 '" + member + "'이(가) 모두를 대신해 이름을 조회하고, 갱신되지 않은 대상을 뺍니다."));
        });
        return lines;
    }

    /** The text of a trouble has messages of programs in it, which are English. */
    private static String korean(String kind) {
        return switch (kind) {
            case "unread" -> "etcd를 아직 읽지 못했습니다.";
            case "unreachable" -> "etcd에 연결할 수 없거나 etcd가 응답을 거절합니다. turnout.fleet.endpoints와 etcd를 확인하십시오.";
            case "unreadable" -> "etcd에 이해할 수 없는 키가 있습니다.";
            case "disbelieved" -> "etcd가 이전으로 돌아갔거나 다른 저장소라서 믿지 않습니다. 올바른 etcd를 되돌려 놓거나 turnout fleet recover를 실행하십시오.";
            case "in-doubt" -> "투표한 변경이 이루어졌는지 etcd에서도 다른 멤버에서도 알 수 없습니다.";
            default -> kind;
        };
    }

    private static List<String> services(JsonObject fleet, Session session) {
        Table table = new Table();
        table.row(
                bold("SERVICE", "서비스", session),
                bold("ACTIVE", "활성", session),
                bold("DECIDED", "결정", session),
                bold("HERE", "여기", session));
        for (JsonObject service : objects(fleet, "services")) {
            table.row(text(service, "service"), text(service, "active"), text(service, "epoch"), text(service, "here"));
        }
        return table.lines();
    }

    /** Returns what is to be said of services that not all members have, and of those that this one serves apart. */
    private static List<String> others(JsonObject fleet, Session session) {
        List<String> lines = new ArrayList<>();
        for (JsonObject service : objects(fleet, "services")) {
            String without = service.getJsonArray("lacking", new JsonArray()).stream()
                    .map(member -> VisibleText.of(String.valueOf(member), VisibleText.SHORT))
                    .collect(Collectors.joining(", "));
            if (!without.isEmpty()) {
                String name = text(service, "service");
                lines.add(session.terminal()
                        .styled(
                                Style.YELLOW,
                                session.say(
                                        "Member " + without + " does not have " + name + ".",
                                        "멤버 " + without + "에 " + name + "이(가) 없습니다.")));
            }
        }
        if (fleet.getValue("apart") instanceof JsonObject apart) {
            apart.fieldNames().stream()
                    .map(name -> VisibleText.of(name, VisibleText.SHORT))
                    .forEach(name -> lines.add(session.terminal()
                            .styled(
                                    Style.YELLOW,
                                    session.say(
                                            "This member serves " + name + " alone: turnout status says why.",
                                            "이 멤버만 " + name + "을(를) 서비스합니다. 이유는 turnout status가 알려 줍니다."))));
        }
        return lines;
    }

    private static List<String> members(JsonObject fleet, Session session) {
        Table table = new Table();
        table.row(
                bold("MEMBER", "멤버", session),
                bold("HERE", "상태", session),
                bold("SERVES", "서비스하는 결정", session),
                bold("ADMIN", "관리 주소", session));
        for (JsonObject member : objects(fleet, "members")) {
            boolean isPresent = Boolean.TRUE.equals(member.getValue("present"));
            table.row(
                    text(member, "member"),
                    session.terminal()
                            .styled(
                                    isPresent ? Style.GREEN : Style.RED,
                                    isPresent ? session.say("here", "있음") : session.say("missing", "없음")),
                    epochs(member),
                    text(member, "address"));
        }
        return table.lines();
    }

    private static String epochs(JsonObject member) {
        List<String> epochs = new ArrayList<>();
        if (member.getValue("epochs") instanceof JsonObject of) {
            of.fieldNames().forEach(service -> epochs.add(VisibleText.of(service, 64) + " " + text(of, service)));
        }
        return String.join(", ", epochs);
    }

    static String bold(String english, String korean, Session session) {
        return session.terminal().styled(Style.BOLD, session.say(english, korean));
    }

    static List<JsonObject> objects(JsonObject json, String member) {
        List<JsonObject> objects = new ArrayList<>();
        if (json.getValue(member) instanceof JsonArray array) {
            array.stream()
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .forEach(objects::add);
        }
        return objects;
    }

    static String text(JsonObject json, String member) {
        Object value = json.getValue(member);
        return value == null ? "-" : VisibleText.of(value.toString(), CELL_CHARACTERS);
    }
}
