package dev.turnout;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveModifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.graalvm.nativeimage.hosted.Feature;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the house of packages: arrows go down only, and the two cores are pure. */
final class ArchitectureTest {

    private static final String ROOT = "dev.turnout";

    /** From the top floor to the ground. */
    private static final List<String> FLOORS = List.of(
            "cli",
            "doctor",
            "deployment",
            "client",
            "admin",
            "notify",
            "acme",
            "switching",
            "health",
            "proxy",
            "proxy.listen",
            "proxy.observe",
            "proxy.connection",
            "proxy.exchange",
            "proxy.route",
            "proxy.folder",
            "proxy.body",
            "proxy.loop",
            "proxy.http2",
            "proxy.http1",
            "proxy.proxyprotocol",
            "nginx",
            "fleet",
            "fleet.etcd",
            "fleet.decision",
            "tls",
            "dns",
            "docker",
            "store",
            "log",
            "config",
            "text",
            "routing",
            "image");

    private static JavaClasses turnout;

    @BeforeAll
    static void read() {
        turnout = new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    @Test
    void every_package_has_its_floor() throws IOException {
        Path source = Path.of("src/main/java/dev/turnout");
        Set<String> folders = new TreeSet<>();
        try (Stream<Path> files = Files.walk(source)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> source.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(folder -> !folder.isEmpty())
                    .forEach(folders::add);
        }

        assertThat(FLOORS).containsAll(folders);
    }

    /** So that NullAway checks all of main: the compiler only looks at marked packages. */
    @Test
    void every_package_says_what_may_be_null() throws IOException {
        Path source = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(source)) {
            List<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
            assertThat(packages).isNotEmpty().allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                    .content()
                    .contains("@NullMarked"));
        }
    }

    static List<String> floors() {
        return FLOORS;
    }

    @ParameterizedTest
    @MethodSource("floors")
    void arrows_go_down_only(String floor) {
        String[] above = Stream.concat(
                        Stream.of(ROOT),
                        FLOORS.subList(0, FLOORS.indexOf(floor)).stream().map(name -> ROOT + "." + name))
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + floor)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above)
                .allowEmptyShould(true)
                .check(turnout);
    }

    static Stream<String> rooms() {
        return FLOORS.stream().filter(floor -> floor.startsWith("proxy."));
    }

    /** The data plane has one public door. */
    @ParameterizedTest
    @MethodSource("rooms")
    void nothing_outside_the_data_plane_depends_on_a_room_inside_it(String room) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".proxy..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "." + room)
                .check(turnout);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void no_more_than_two_classes_of_a_room_depend_on_one_another(String room) {
        assertThat(ClassCycles.in(turnout, ROOT + "." + room)).allMatch(cycle -> cycle.size() <= 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routing", "fleet.decision", "proxy.http1", "proxy.http2"})
    void the_core_is_free_of_input_output_and_frameworks(String core) {
        pure(core)
                .dependOnClassesThat(describe("do I/O or are part of a framework", ArchitectureTest::isWorldly))
                .check(turnout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routing", "fleet.decision", "proxy.http1", "proxy.http2"})
    void the_core_asks_no_clock_and_no_chance(String core) {
        pure(core)
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .check(turnout);
        pure(core)
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .check(turnout);
        pure(core).callMethod(System.class, "currentTimeMillis").check(turnout);
        pure(core).callMethod(System.class, "nanoTime").check(turnout);
        pure(core).callMethod(Instant.class, "now").check(turnout);
        pure(core).callMethod(UUID.class, "randomUUID").check(turnout);
    }

    private static ClassesShould pure(String core) {
        return noClasses().that().resideInAPackage(ROOT + "." + core).should();
    }

    /** Buffers and character sets are only data. */
    private static boolean isWorldly(JavaClass used) {
        String name = used.getName();
        boolean isData = Set.of("java.nio.ByteBuffer", "java.nio.ByteOrder", "java.nio.CharBuffer", "java.nio.Buffer")
                        .contains(name)
                || name.startsWith("java.nio.charset.");
        boolean isInSerializedForm = name.equals("java.io.Serializable") || name.startsWith("java.io.Object");
        boolean isAnnotation = name.startsWith("org.jspecify.annotations.");
        return !isData
                && !isInSerializedForm
                && !isAnnotation
                && Stream.of("java.io.", "java.net.", "java.nio.", "io.", "jakarta.", "javax.", "org.", "com.")
                        .anyMatch(name::startsWith);
    }

    @Test
    void no_state_is_kept_in_static_fields() {
        noFields()
                .that()
                .areStatic()
                .and(describe("were written by people", ArchitectureTest::isWritten))
                .should()
                .notBeFinal()
                .check(turnout);
    }

    /** Static initialisers run while a native image is built, and their values are stored in it. */
    @Test
    void no_static_field_holds_what_an_image_can_not() {
        noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType(describe("a thread, a socket, a buffer or a seed", ArchitectureTest::isOfOneProcess))
                .check(turnout);
    }

    private static boolean isOfOneProcess(JavaClass type) {
        return Stream.of(
                        Thread.class,
                        ThreadLocal.class,
                        Executor.class,
                        Random.class,
                        Buffer.class,
                        ByteBuf.class,
                        Closeable.class,
                        Channel.class,
                        Clock.class)
                .anyMatch(type::isAssignableTo);
    }

    /** An image has only what is reached without it, or registered. What the builder runs is no part of the image. */
    @Test
    void no_class_is_looked_up_by_its_name() {
        noClasses()
                .that()
                .areNotAssignableTo(Feature.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(turnout);
    }

    /** Enums, switches and assertions have fields that the compiler makes. */
    private static boolean isWritten(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !field.getName().startsWith("$");
    }

    @Test
    void what_nobody_extends_is_final() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .and(describe("nobody extends", type -> type.getSubclasses().isEmpty() && !type.isEnum()))
                .should(haveModifier(JavaModifier.FINAL))
                .check(turnout);
    }

    @Test
    void no_class_is_named_after_its_having_no_reason() {
        noClasses().should().haveNameMatching(".*(Manager|Helper|Impl|Utils?)$").check(turnout);
    }
}
