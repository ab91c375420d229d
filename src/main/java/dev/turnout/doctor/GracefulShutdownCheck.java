package dev.turnout.doctor;

import dev.turnout.config.RunningProcess;
import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Whether a Spring Boot application ends its requests when it is stopped. It can't be measured without stopping the
 * application, so nothing here is more than advice. Other applications are not judged.
 */
final class GracefulShutdownCheck implements Check {

    private static final String WORD = "graceful-shutdown";
    private static final int MOST_BYTES = 64 << 10;
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\..*");

    /** Since Spring Boot 3.4 it is the default. */
    private static final int FIRST_MAJOR = 3;

    private static final int FIRST_MINOR = 4;

    private static final List<String> SETTINGS = List.of(
            "BOOT-INF/classes/application.properties",
            "BOOT-INF/classes/application.yml",
            "BOOT-INF/classes/application.yaml");
    private static final String KEY = "server.shutdown";
    private static final String PROPERTY = "-D" + KEY + "=";
    private static final String GRACEFUL = "graceful";
    private static final Pattern SETTING = Pattern.compile(
            "(?im)^[ \\t]*(?:server\\.)?shutdown[ \\t]*[:=][ \\t]*[\"']?(" + GRACEFUL + "|immediate)\\b");

    private final Target target;
    private final LocalProcesses processes;

    GracefulShutdownCheck(Target target, LocalProcesses processes) {
        this.target = target;
        this.processes = processes;
    }

    /**
     * What a jar of Spring Boot says of itself.
     *
     * @param shutdown the value of {@value #KEY} in its files
     */
    private record SpringBoot(String version, Optional<String> shutdown) {}

    @Override
    public List<Finding> look() {
        Optional<RunningProcess> process = processes.behind(target);
        Optional<SpringBoot> application = process.flatMap(processes::jar).flatMap(GracefulShutdownCheck::read);
        return application.map(found -> of(process.orElseThrow(), found)).stream()
                .toList();
    }

    private Finding of(RunningProcess process, SpringBoot application) {
        Optional<String> given = given(process).or(application::shutdown);
        if (given.map(GRACEFUL::equalsIgnoreCase).orElseGet(() -> isDefault(application.version()))) {
            return Finding.good(
                    WORD,
                    new Phrase(
                            target + " (Spring Boot " + application.version() + ") shuts down gracefully",
                            target + "(Spring Boot " + application.version() + ")은(는) 정상 종료(graceful)를 사용합니다"));
        }
        return new Finding(
                Severity.ADVICE,
                WORD,
                given.map(value -> otherwise(application, VisibleText.of(value, VisibleText.SHORT)))
                        .orElseGet(() -> missing(application)),
                new Phrase(
                        "Set server.shutdown=graceful if it is not set elsewhere, so that a stop lets requests end",
                        "다른 곳에 설정하지 않았다면 server.shutdown=graceful 을 설정하세요. 종료할 때 처리 중인 요청이 끝나게 됩니다"));
    }

    private Phrase otherwise(SpringBoot application, String value) {
        return new Phrase(
                target + " runs Spring Boot " + application.version() + " with server.shutdown=" + value
                        + ": a stop cuts its requests",
                target + "은(는) Spring Boot " + application.version() + "이며 server.shutdown=" + value
                        + " 설정이라서 종료하면 요청이 끊깁니다");
    }

    private Phrase missing(SpringBoot application) {
        return new Phrase(
                target + " runs Spring Boot " + application.version()
                        + ", and server.shutdown=graceful was not found in its jar or command line",
                target + "은(는) Spring Boot " + application.version()
                        + "이며 jar와 명령줄에서 server.shutdown=graceful 을 찾지 못했습니다");
    }

    /**
     * Returns the value that the process was started with. In the order of Spring Boot, which wins over the jar's files,
     * and among the properties of the JVM in the order of the java command: it reads the variables around its own words.
     */
    private Optional<String> given(RunningProcess process) {
        List<String> command = process.command();
        int jar = process.jar().map(command::indexOf).orElse(0);
        return value("--" + KEY + "=", command.subList(jar, command.size()))
                .or(() -> property(process, "_JAVA_OPTIONS"))
                .or(() -> value(PROPERTY, command.subList(0, jar)))
                .or(() -> property(process, "JDK_JAVA_OPTIONS"))
                .or(() -> property(process, "JAVA_TOOL_OPTIONS"))
                .or(() -> processes.variable(process, "SERVER_SHUTDOWN"));
    }

    private Optional<String> property(RunningProcess process, String variable) {
        return processes.variable(process, variable).flatMap(words -> value(PROPERTY, List.of(words.split("\\s+"))));
    }

    private static Optional<String> value(String option, List<String> words) {
        return words.stream()
                .filter(word -> word.startsWith(option))
                .map(word -> word.substring(option.length()))
                .reduce((first, last) -> last);
    }

    private static Optional<SpringBoot> read(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            String version =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Spring-Boot-Version");
            if (version == null) {
                return Optional.empty();
            }
            Optional<String> shutdown = SETTINGS.stream()
                    .flatMap(name -> text(file, name))
                    .flatMap(text -> setting(text).stream())
                    .findFirst();
            return Optional.of(new SpringBoot(version, shutdown));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> setting(String text) {
        return SETTING.matcher(text).results().map(found -> found.group(1)).reduce((first, last) -> last);
    }

    private static boolean isDefault(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return false;
        }
        int major = Integer.parseInt(matcher.group(1));
        return major > FIRST_MAJOR || major == FIRST_MAJOR && Integer.parseInt(matcher.group(2)) >= FIRST_MINOR;
    }

    private static Stream<String> text(JarFile jar, String name) {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            return Stream.empty();
        }
        try (InputStream in = jar.getInputStream(entry)) {
            return Stream.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
