package dev.turnout.deployment;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The look into a jar before it is started: each reason why the jar can't run is one sentence. All methods block. */
final class JarInspection {

    private static final int CLASS_FILE = 0xCAFEBABE;

    /** Class files of Java 1 have version 45. */
    private static final int BEFORE_JAVA_1 = 44;

    private static final int SHORT_COMMIT = 12;

    private static final List<String> COMMITS = List.of(
            "Git-Commit",
            "Git-Commit-Id",
            "Git-Revision",
            "Implementation-SCM-Revision",
            "SCM-Revision",
            "Build-Revision",
            "Implementation-Build");
    private static final List<String> GIT_PROPERTIES =
            List.of("BOOT-INF/classes/git.properties", "WEB-INF/classes/git.properties", "git.properties");
    private static final List<String> CLASS_FOLDERS = List.of("", "BOOT-INF/classes/", "WEB-INF/classes/");

    private JarInspection() {}

    /** Returns what a jar says of itself. Fails with a sentence if the jar can't be started. */
    static JarFacts of(Path jar) throws DeploymentFailed {
        if (!Files.exists(jar)) {
            throw unusable(jar + " does not exist", jar + " 파일이 없습니다");
        }
        if (Files.isDirectory(jar)) {
            throw unusable(jar + " is a folder, not a jar", jar + "은(는) jar가 아니라 폴더입니다");
        }
        if (!Files.isReadable(jar)) {
            throw unusable(jar + " can't be read: this user may not open it", jar + "을(를) 읽을 수 없습니다: 권한이 없습니다");
        }
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return facts(jar, file);
        } catch (IOException | SecurityException e) {
            throw unusable(
                    jar + " is not a jar, or is not complete (" + e.getMessage() + ")",
                    jar + "은(는) jar가 아니거나 불완전합니다(" + e.getMessage() + ")");
        }
    }

    /** Returns what a jar says of itself; empty if the jar can't be started. */
    static Optional<JarFacts> ifSound(Path jar) {
        try {
            return Optional.of(of(jar));
        } catch (DeploymentFailed e) {
            return Optional.empty();
        }
    }

    /** Fails with a sentence if a jar needs a newer Java. */
    static void checkJava(Path jar, JarFacts facts, JavaProgram java) throws DeploymentFailed {
        if (facts.java() > java.version()) {
            throw unusable(
                    jar.getFileName() + " needs Java " + facts.java() + ", but " + java.path() + " is Java "
                            + java.version() + ". Set JAVA_HOME to a Java " + facts.java() + " or newer",
                    jar.getFileName() + "에는 Java " + facts.java() + "이(가) 필요하지만 " + java.path() + "은(는) Java "
                            + java.version() + "입니다. JAVA_HOME을 Java " + facts.java() + " 이상으로 지정하세요");
        }
    }

    private static DeploymentFailed unusable(String english, String korean) {
        return new DeploymentFailed(DeploymentFailed.USAGE, english + ".", korean + ".");
    }

    private static JarFacts facts(Path jar, JarFile file) throws IOException, DeploymentFailed {
        Manifest manifest = file.getManifest();
        Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
        Optional<String> program = text(main, "Main-Class");
        if (program.isEmpty()) {
            throw unusable(
                    jar + " has no main class, so it can't be started."
                            + " Deploy the jar that bootJar (Gradle) or package (Maven) makes, not the -plain.jar",
                    jar + "에 메인 클래스가 없어 시작할 수 없습니다."
                            + " -plain.jar가 아니라 bootJar(Gradle)나 package(Maven)가 만든 jar를 배포하세요");
        }
        List<String> programs = new ArrayList<>(List.of(program.get()));
        text(main, "Start-Class").ifPresent(programs::add);
        int java = 0;
        for (String name : programs) {
            java = Math.max(java, java(file, name));
        }
        return new JarFacts(
                text(main, "Implementation-Title"),
                text(main, "Implementation-Version"),
                commit(file, main),
                programs,
                java);
    }

    private static Optional<String> commit(JarFile file, Attributes main) throws IOException {
        Optional<String> said =
                COMMITS.stream().flatMap(name -> text(main, name).stream()).findFirst();
        if (said.isEmpty()) {
            said = gitProperties(file);
        }
        return said.map(JarInspection::shortened);
    }

    /** Reads what git-commit-id-maven-plugin and gradle-git-properties write. */
    private static Optional<String> gitProperties(JarFile file) throws IOException {
        for (String name : GIT_PROPERTIES) {
            ZipEntry entry = file.getEntry(name);
            if (entry != null) {
                Properties git = new Properties();
                try (InputStream in = file.getInputStream(entry)) {
                    git.load(in);
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
                return Stream.of("git.commit.id.abbrev", "git.commit.id", "git.commit.id.full")
                        .flatMap(key -> trimmed(git.getProperty(key)).stream())
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private static String shortened(String commit) {
        return commit.matches("[0-9a-f]{13,64}") ? commit.substring(0, SHORT_COMMIT) : commit;
    }

    private static Optional<String> text(Attributes attributes, String name) {
        return trimmed(attributes.getValue(name));
    }

    /** A value that a build did not fill in still has its placeholder. */
    private static Optional<String> trimmed(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty() && !text.contains("${"));
    }

    /** Returns the Java that a class needs; 0 if the class is not in this jar. */
    private static int java(JarFile file, String name) throws IOException {
        for (String folder : CLASS_FOLDERS) {
            ZipEntry entry = file.getEntry(folder + name.replace('.', '/') + ".class");
            if (entry != null) {
                try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
                    boolean isClass = in.readInt() == CLASS_FILE;
                    in.readUnsignedShort();
                    return isClass ? in.readUnsignedShort() - BEFORE_JAVA_1 : 0;
                }
            }
        }
        return 0;
    }
}
