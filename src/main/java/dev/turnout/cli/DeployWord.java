package dev.turnout.cli;

import dev.turnout.config.CommandWords;
import dev.turnout.deployment.DeploymentFailed;
import dev.turnout.deployment.Deployments;
import dev.turnout.deployment.Launch;
import dev.turnout.deployment.NewBuild;
import dev.turnout.routing.SlotRelease;
import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code deploy}. */
final class DeployWord implements Word {

    private static final String STRATEGY = "--strategy";
    private static final String BLUE_GREEN = "blue-green";
    private static final String ROLLING = "rolling";
    private static final String CANARY = "canary";
    private static final String SYSTEMD = "--systemd";
    private static final String EXEC = "--exec";
    private static final String JAVA_OPTS = "--java-opts";
    private static final String APP_VERSION = "--app-version";
    private static final String AFRESH = "--afresh";

    /** For the process that stops an old version later. */
    private static final String STOP_DUE = "--stop-due";

    @Override
    public String word() {
        return "deploy";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Start a new version, switch to it, and stop the old one", "새 버전을 시작하고 전환한 뒤 이전 버전을 종료합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "Starts a copy of the jar on all targets of the idle slot, asks Turnout to switch, and stops the old"
                                + " version when no request needs it any more. If anything fails before the switch, the new"
                                + " version is stopped, and the old version serves as before.",
                        "jar의 복사본을 대기 슬롯의 모든 대상에서 시작하고 Turnout에 전환을 요청한 뒤, 이전 버전에 남은 요청이 없으면"
                                + " 종료합니다. 전환 전에 실패하면 새 버전을 종료하고 이전 버전이 그대로 서비스합니다."),
                new Phrase(
                        "What is started does not get TURNOUT_ADMIN_TOKEN. JAVA_HOME says which java is used. Copies, logs and"
                                + " the last 5 releases are in /var/lib/turnout-deploy for root, and in"
                                + " ~/.local/state/turnout/deploy for others.",
                        "시작된 프로그램에는 TURNOUT_ADMIN_TOKEN이 전달되지 않습니다. 사용할 java는 JAVA_HOME으로 정합니다. 복사본, 로그, 최근"
                                + " 릴리스 5개는 root의 경우 /var/lib/turnout-deploy, 그 외에는 ~/.local/state/turnout/deploy에 있습니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("turnout deploy app.jar", new Phrase("deploys a jar", "jar를 배포합니다")),
                new Example(
                        "turnout deploy --java-opts='-Xmx512m -Dspring.profiles.active=prod' app.jar",
                        new Phrase("gives java options, joined by =", "java 옵션을 =로 이어서 지정합니다")),
                new Example(
                        "turnout deploy --watch 30s --keep-old 10m app.jar",
                        new Phrase(
                                "compares both versions for 30 s, and keeps the old one for 10 minutes",
                                "30초 동안 두 버전을 비교하고 이전 버전을 10분 동안 남겨 둡니다")),
                new Example(
                        "turnout deploy --systemd app app.jar",
                        new Phrase("starts the unit app@PORT", "유닛 app@PORT를 시작합니다")),
                new Example(
                        "turnout deploy --exec './run.sh {port}' --app-version 1.4.2",
                        new Phrase("starts a command of your own", "직접 지정한 명령을 시작합니다")),
                new Example(
                        "turnout deploy --strategy canary --steps 1,10,50 app.jar",
                        new Phrase("sends more and more clients to it", "클라이언트를 단계적으로 보냅니다")),
                new Example(
                        "turnout deploy --strategy rolling app.jar",
                        new Phrase("replaces the targets of the active slot one by one", "서비스 중인 슬롯의 대상을 하나씩 교체합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.parameters(
                        "JAR | -- COMMAND",
                        new Phrase(
                                "the jar to deploy; with --strategy rolling a command may stand after -- instead, which"
                                        + " replaces one target",
                                "배포할 jar. --strategy rolling에서는 -- 뒤에 대상 하나를 교체하는 명령을 쓸 수 있습니다"))
                .choice(
                        "STRATEGY",
                        List.of(BLUE_GREEN, ROLLING, CANARY),
                        new Phrase(
                                "blue-green (default): the idle slot, then a switch; canary: the idle slot, step by step;"
                                        + " rolling: the targets of the active slot, one by one",
                                "blue-green(기본값): 대기 슬롯에서 시작 후 전환; canary: 대기 슬롯으로 단계적 전환; rolling: 서비스 중인 슬롯의"
                                        + " 대상을 하나씩 교체"),
                        STRATEGY)
                .option("NAME", new Phrase("start the systemd unit NAME@PORT", "systemd 유닛 NAME@PORT를 시작합니다"), SYSTEMD)
                .option(
                        "COMMAND",
                        new Phrase(
                                "start this command, which runs until the version ends; {port}, {host}, {target}, {jar} and"
                                        + " {version} are replaced",
                                "버전이 끝날 때까지 실행되는 명령을 시작합니다. {port}, {host}, {target}, {jar}, {version}이 치환됩니다"),
                        EXEC)
                .option("OPTS", new Phrase("options for java, separated by blanks", "java 옵션. 공백으로 구분합니다"), JAVA_OPTS)
                .option(
                        "VERSION",
                        new Phrase("the version's name; by default the manifest's", "버전 이름. 기본값은 매니페스트의 버전입니다"),
                        APP_VERSION);
        DeployOptions.define(spec);
        spec.option(
                        "LIST",
                        new Phrase("canary: shares in percent, rising (1,10,50)", "canary: 퍼센트 비율, 오름차순 (1,10,50)"),
                        CanaryOptions.STEPS)
                .option(
                        "TIME",
                        new Phrase("canary: between two steps (60s)", "canary: 단계 사이의 시간 (60s)"),
                        CanaryOptions.WAIT)
                .flag(
                        new Phrase("canary: do not ask before each step", "canary: 단계마다 묻지 않습니다"),
                        "-y",
                        CanaryOptions.YES)
                .flag(
                        new Phrase(
                                "rolling: replace also what an earlier run has replaced",
                                "rolling: 이전 실행에서 교체한 대상도 다시 교체합니다"),
                        AFRESH)
                .hidden(STOP_DUE)
                .service()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        DeployArguments arguments = DeployArguments.of(given);
        String strategy = Session.option(given, STRATEGY, BLUE_GREEN);
        if (Session.has(given, STOP_DUE)) {
            return DeployOptions.run(given, session, (deployments, again) -> deployments.stopDue());
        }
        return switch (strategy) {
            case BLUE_GREEN -> {
                NewBuild build = build(given, arguments, session);
                yield DeployOptions.run(
                        given, session, (deployments, again) -> deployments.blueGreen(build, Optional.empty(), again));
            }
            case CANARY -> canary(given, arguments, session);
            case ROLLING -> rolling(given, arguments, session);
            default ->
                throw new WordFailed(
                        ExitCode.USAGE,
                        session.say(
                                "There is no strategy '" + strategy + "': blue-green, rolling or canary.",
                                "'" + strategy + "' 전략은 없습니다: blue-green, rolling, canary 중 하나입니다."));
        };
    }

    private static ExitCode canary(ParseResult given, DeployArguments arguments, Session session) throws WordFailed {
        var plan = CanaryOptions.plan(given, session);
        if (arguments.isEmpty() && !Session.has(given, EXEC)) {
            return DeployOptions.run(given, session, (deployments, again) -> deployments.canary(plan));
        }
        NewBuild build = build(given, arguments, session);
        return DeployOptions.run(
                given, session, (deployments, again) -> deployments.blueGreen(build, Optional.of(plan), again));
    }

    private static ExitCode rolling(ParseResult given, DeployArguments arguments, Session session) throws WordFailed {
        boolean afresh = Session.has(given, AFRESH);
        Optional<String> unit = Session.option(given, SYSTEMD);
        List<String> command = arguments.command();
        if (command.isEmpty() && arguments.jar().isEmpty() && unit.isPresent()) {
            command = List.of("systemctl", "restart", unitName(unit.get(), session) + "@{port}");
        } else if (!command.isEmpty() && (unit.isPresent() || Session.has(given, EXEC))) {
            throw usage(
                    session,
                    "Either --systemd, --exec or a command after --.",
                    "--systemd, --exec, -- 뒤의 명령 중 하나만 사용하세요.");
        }
        if (!command.isEmpty()) {
            List<String> words = command;
            return DeployOptions.run(given, session, (deployments, again) -> deployments.rolling(words, afresh));
        }
        NewBuild build = build(given, arguments, session);
        return DeployOptions.run(given, session, (deployments, again) -> deployments.rolling(build, afresh));
    }

    private static NewBuild build(ParseResult given, DeployArguments arguments, Session session) throws WordFailed {
        if (!arguments.command().isEmpty()) {
            throw usage(
                    session,
                    "A command after -- is for --strategy rolling. --exec starts a version by a command.",
                    "-- 뒤의 명령은 --strategy rolling에서만 사용합니다. 명령으로 버전을 시작하려면 --exec를 사용하세요.");
        }
        if (arguments.jars().size() > 1) {
            throw usage(
                    session,
                    "One jar at a time: " + String.join(" or ", arguments.jars()) + "?",
                    "jar는 하나만 지정하세요: " + String.join(", ", arguments.jars()));
        }
        Launch launch = launch(given, session);
        if (arguments.jar().isEmpty() && !mayLackJar(launch)) {
            throw usage(session, "Which jar? turnout deploy app.jar", "어떤 jar를 배포할까요? turnout deploy app.jar");
        }
        return new NewBuild(
                arguments.jar().map(Path::of),
                launch,
                session.shortText(given, APP_VERSION, SlotRelease.VERSION_CHARACTERS));
    }

    private static boolean mayLackJar(Launch launch) {
        return launch instanceof Launch.OwnCommand command
                && command.words().words().stream().noneMatch(word -> word.contains("{jar}"));
    }

    private static Launch launch(ParseResult given, Session session) throws WordFailed {
        Optional<String> unit = Session.option(given, SYSTEMD);
        Optional<String> exec = Session.option(given, EXEC);
        Optional<String> options = Session.option(given, JAVA_OPTS).filter(text -> !text.isBlank());
        if (unit.isPresent() && exec.isPresent()) {
            throw usage(session, "Either --systemd or --exec.", "--systemd와 --exec 중 하나만 사용하세요.");
        }
        if (options.isPresent() && (unit.isPresent() || exec.isPresent())) {
            throw usage(
                    session,
                    "--java-opts is for a plain jar: with --systemd the unit has the options, with --exec the command.",
                    "--java-opts는 jar를 직접 실행할 때만 사용합니다. --systemd에서는 유닛에, --exec에서는 명령에 옵션을 쓰세요.");
        }
        if (unit.isPresent()) {
            return new Launch.SystemdUnit(unitName(unit.get(), session));
        }
        try {
            return exec.isPresent()
                    ? new Launch.OwnCommand(CommandWords.parse(exec.get()))
                    : new Launch.PlainJava(
                            options.isPresent()
                                    ? CommandWords.parse(options.get()).words()
                                    : List.of());
        } catch (IllegalArgumentException e) {
            throw usage(session, e.getMessage() + ".", "명령을 읽을 수 없습니다: " + e.getMessage() + ".");
        }
    }

    private static String unitName(String name, Session session) throws WordFailed {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw usage(session, "'" + name + "' is not a unit's name.", "'" + name + "'은(는) 유닛 이름이 아닙니다.");
        }
        return name;
    }

    private static WordFailed usage(Session session, String english, String korean) {
        return new WordFailed(ExitCode.USAGE, session.say(english, korean));
    }

    /** What a word does with deployments. */
    @FunctionalInterface
    interface Work {
        void run(Deployments deployments, List<String> again) throws DeploymentFailed;
    }
}
