package dev.turnout.tls;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("BoringSSL calls Netty back in the native executable")
final class NativeCallbacksTest {

    private static final Path REGISTERED =
            Path.of("src/main/native/META-INF/native-image/dev.turnout/turnout/jni-config.json");
    private static final String LIBRARY = "io.netty.internal.tcnative";

    /** A class that is missing there fails at the first context or handshake only, in the executable only. */
    @Test
    void each_class_of_netty_that_the_library_calls_is_registered() throws IOException {
        JavaClasses classes = new ClassFileImporter().importPackages(LIBRARY, "io.netty.handler.ssl");

        List<String> called = classes.that(resideInAPackage("io.netty.handler.ssl")).stream()
                .filter(NativeCallbacksTest::isCalledBack)
                .map(JavaClass::getName)
                .toList();

        assertThat(called).isNotEmpty();
        assertThat(registered()).containsAll(called);
    }

    /** A task is run by Netty; everything else of the library that Netty implements is run by the library. */
    private static boolean isCalledBack(JavaClass type) {
        return type.getAllRawSuperclasses().stream().anyMatch(NativeCallbacksTest::isOfLibrary)
                || type.getAllRawInterfaces().stream()
                        .filter(NativeCallbacksTest::isOfLibrary)
                        .anyMatch(parent -> !parent.isAssignableTo(Runnable.class));
    }

    private static boolean isOfLibrary(JavaClass type) {
        return type.getPackageName().equals(LIBRARY);
    }

    private static List<String> registered() throws IOException {
        return new JsonArray(Files.readString(REGISTERED))
                .stream().map(entry -> ((JsonObject) entry).getString("name")).toList();
    }
}
