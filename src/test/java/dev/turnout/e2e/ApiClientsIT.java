package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.ApiDocument;
import dev.turnout.support.ApiTools;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Programs with clients that are generated from the OpenAPI document. */
@DisplayName("A client generated from the OpenAPI document switches and understands each answer")
final class ApiClientsIT {

    private static final String TOKEN = "a-token-of-thirty-two-characters";
    private static final Path PROGRAMS = Path.of("src/test/api");

    /** What both programs print. */
    private static final List<String> SEEN = List.of(
            "event status blue",
            "status blue true",
            "receipt blue green 1.4.2 true true",
            "event switched green true",
            "refused 424 urn:turnout:problem:unhealthy green 500",
            "event refused UNHEALTHY",
            "history green UNHEALTHY",
            "last target urn:turnout:problem:last-target",
            "without the token 401 urn:turnout:problem:unauthorized");

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    /** Beside the packages from npm, so that programs find them. */
    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue").probes(Effect.status(500, "no database"));
    private final Backend green = arena.application("green");
    private TurnoutProcess turnout;

    @BeforeEach
    void start() {
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.admin.token", TOKEN)
                .set("turnout.health.deadline", "1s"));
    }

    @Test
    @RequiresProgram(value = "node", debianPackage = "nodejs")
    void in_typescript() throws Exception {
        List<String> generate = ApiTools.npm(
                "openapi-typescript",
                "bin/cli.js",
                ApiDocument.FILE.toAbsolutePath().toString(),
                "--output",
                "api.d.ts");
        List<String> compile = ApiTools.npm(
                "typescript",
                "bin/tsc",
                "--strict",
                "--target",
                "es2022",
                "--lib",
                "es2022,dom,dom.iterable",
                "--module",
                "nodenext",
                "--skipLibCheck",
                "client.ts");
        Files.createSymbolicLink(folder.resolve("node_modules"), ApiTools.FOLDER.resolve("node_modules"));
        Files.copy(PROGRAMS.resolve("package.json"), folder.resolve("package.json"));
        Files.copy(PROGRAMS.resolve("client.ts"), folder.resolve("client.ts"));

        ApiTools.run(folder, generate);
        ApiTools.run(folder, compile);

        assertThat(ApiTools.run(folder, List.of("node", "client.js", address(), TOKEN))
                        .lines())
                .containsExactlyElementsOf(SEEN);
    }

    @Test
    void in_java() throws Exception {
        ApiTools.run(
                folder,
                List.of(
                        java("java"),
                        "-jar",
                        ApiTools.generator().toString(),
                        "generate",
                        "--input-spec=" + ApiDocument.FILE.toAbsolutePath(),
                        "--generator-name=java",
                        "--library=native",
                        "--output=generated",
                        "--invoker-package=client",
                        "--api-package=client.api",
                        "--model-package=client.model",
                        "--additional-properties=openApiNullable=false,useJakartaEe=true",
                        "--global-property=apis,models,supportingFiles,"
                                + "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"));
        ApiTools.run(folder, compilation());

        assertThat(ApiTools.run(
                                folder,
                                List.of(
                                        java("java"),
                                        "-cp",
                                        "classes" + System.getProperty("path.separator") + classPath(),
                                        "Client",
                                        address(),
                                        TOKEN))
                        .lines())
                .containsExactlyElementsOf(SEEN);
    }

    private List<String> compilation() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(java("javac"), "-nowarn", "-Xlint:none", "-proc:none", "-d", "classes", "-cp", classPath()));
        command.add(PROGRAMS.resolve("Client.java").toAbsolutePath().toString());
        try (Stream<Path> files = Files.walk(folder.resolve("generated/src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::toString)
                    .forEach(command::add);
        }
        return command;
    }

    /** Jackson and the annotations of Jakarta are on the class path of the tests. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private String address() {
        String address = turnout.adminAddress().toString();
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }
}
