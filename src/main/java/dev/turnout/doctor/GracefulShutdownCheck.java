package dev.turnout.doctor;

import dev.turnout.config.RunningProcess;
import dev.turnout.routing.Target;
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
    private static final Pattern GRACEFUL = Pattern.compile("(?m)^\\s*(server\\.)?shutdown\\s*[:=]\\s*\"?graceful");

    private final Target target;
    private final LocalProcesses processes;

    GracefulShutdownCheck(Target target, LocalProcesses processes) {
        this.target = target;
        this.processes = processes;
    }

    /** What a jar of Spring Boot says of itself. */
    private record SpringBoot(String version, boolean isGraceful) {}

    @Override
    public List<Finding> look() {
        Optional<RunningProcess> process = processes.behind(target);
        Optional<SpringBoot> application = process.flatMap(processes::jar).flatMap(GracefulShutdownCheck::read);
        return application.map(found -> of(process.orElseThrow(), found)).stream()
                .toList();
    }

    private Finding of(RunningProcess process, SpringBoot application) {
        if (application.isGraceful()
                || process.command().stream().anyMatch(word -> word.endsWith("server.shutdown=graceful"))) {
            return Finding.good(
                    WORD,
                    new Phrase(
                            target + " (Spring Boot " + application.version() + ") shuts down gracefully",
                            target + "(Spring Boot " + application.version() + ")은(는) 정상 종료(graceful)를 사용합니다"));
        }
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        target + " runs Spring Boot " + application.version()
                                + ", and server.shutdown=graceful was not found in its jar or command line",
                        target + "은(는) Spring Boot " + application.version()
                                + "이며 jar와 명령줄에서 server.shutdown=graceful 을 찾지 못했습니다"),
                new Phrase(
                        "Set server.shutdown=graceful if it is not set elsewhere, so that a stop lets requests end",
                        "다른 곳에 설정하지 않았다면 server.shutdown=graceful 을 설정하세요. 종료할 때 처리 중인 요청이 끝나게 됩니다"));
    }

    private static Optional<SpringBoot> read(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            String version =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Spring-Boot-Version");
            if (version == null) {
                return Optional.empty();
            }
            boolean isSet = SETTINGS.stream().flatMap(name -> text(file, name)).anyMatch(text -> GRACEFUL.matcher(text)
                    .find());
            return Optional.of(new SpringBoot(version, isSet || isDefault(version)));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
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
