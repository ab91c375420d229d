package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import dev.turnout.text.CheckText;
import dev.turnout.text.Language;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What is found wrong in a configuration is said in Korean too")
final class CheckTextTest {

    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java/dev/turnout/config"),
            Path.of("src/main/java/dev/turnout/routing/HostPort.java"),
            Path.of("src/main/java/dev/turnout/switching"));

    /** The sources whose warnings stand in receipts too. */
    private static final List<Path> CARRIERS = List.of(
            Path.of("src/main/java/dev/turnout/nginx"),
            Path.of("src/main/java/dev/turnout/proxy/DataPlane.java"),
            Path.of("src/main/java/dev/turnout/proxy/loop/Descriptors.java"),
            Path.of("src/main/java/dev/turnout/tls/TargetWays.java"),
            Path.of("src/main/java/dev/turnout/switching/SlotVersions.java"));

    /** The calls whose last argument is a message to the operator. */
    private static final Pattern TELLS =
            Pattern.compile("(values|this)?\\.?error|(errors|warnings)\\.add|(.*\\.)?warned", Pattern.DOTALL);

    /** What stands for a fact in a message. */
    private static final String FACT = "x1";

    /** What only joins messages. */
    private static final Pattern JOINED = Pattern.compile("(x1: )?x1\\.?|x1allowed is x1");

    private static final Pattern ENGLISH = Pattern.compile("[a-z]{2,}( [a-z]{2,}){2}");
    private static final Pattern HANGUL = Pattern.compile("[가-힣]");

    /** Returns each message that the sources make, with a fact in each gap. */
    static Stream<String> messages() throws IOException {
        return Stream.concat(found(new Messages(), SOURCES).stream(), found(new Warnings(), CARRIERS).stream());
    }

    private static Set<String> found(TreeScanner<Void, Set<String>> scanner, List<Path> places) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> paths = places.stream().flatMap(CheckTextTest::javaFiles).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(paths));
            Set<String> found = new TreeSet<>();
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, found);
            }
            return found;
        }
    }

    private static Stream<Path> javaFiles(Path place) {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Collects messages: the last arguments of calls that tell, and why a value can't be read. */
    private static final class Messages extends TreeScanner<Void, Set<String>> {

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Set<String> found) {
            List<? extends ExpressionTree> arguments = call.getArguments();
            if (TELLS.matcher(call.getMethodSelect().toString()).matches()) {
                add(texts(arguments.get(arguments.size() - 1)), found);
            }
            return super.visitMethodInvocation(call, found);
        }

        @Override
        public Void visitNewClass(NewClassTree made, Set<String> found) {
            boolean isReason = made.getIdentifier().toString().equals("IllegalArgumentException");
            if (isReason && !made.getArguments().isEmpty()) {
                add(
                        texts(made.getArguments().get(0)).stream()
                                .filter(text -> text.startsWith("'"))
                                .toList(),
                        found);
            }
            return super.visitNewClass(made, found);
        }

        static void add(List<String> texts, Set<String> found) {
            texts.stream()
                    .filter(text -> text.contains(" ") && !JOINED.matcher(text).matches())
                    .forEach(found::add);
        }

        /** Returns the texts that an expression may be. */
        static List<String> texts(Tree expression) {
            if (expression instanceof LiteralTree literal) {
                return List.of(String.valueOf(literal.getValue()));
            }
            if (expression instanceof ParenthesizedTree inner) {
                return texts(inner.getExpression());
            }
            if (expression instanceof ConditionalExpressionTree choice) {
                return Stream.concat(
                                texts(choice.getTrueExpression()).stream(), texts(choice.getFalseExpression()).stream())
                        .toList();
            }
            if (expression instanceof MethodInvocationTree call
                    && call.getMethodSelect().toString().equals("Optional.of")) {
                return texts(call.getArguments().get(0));
            }
            if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
                return texts(sum.getLeftOperand()).stream()
                        .flatMap(left -> texts(sum.getRightOperand()).stream().map(right -> left + right))
                        .toList();
            }
            return List.of(FACT);
        }
    }

    /** Collects the English of warnings, and why it is not known what is in flight. */
    private static final class Warnings extends TreeScanner<Void, Set<String>> {

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Set<String> found) {
            if (call.getMethodSelect().toString().equals("NginxState.unconfirmed")) {
                Messages.add(Messages.texts(call.getArguments().get(0)), found);
            }
            return super.visitMethodInvocation(call, found);
        }

        @Override
        public Void visitNewClass(NewClassTree made, Set<String> found) {
            switch (made.getIdentifier().toString()) {
                case "Warning" ->
                    Messages.add(Messages.texts(made.getArguments().get(1)), found);
                case "InFlight.Unknown" ->
                    Messages.add(Messages.texts(made.getArguments().get(0)), found);
                default -> {}
            }
            return super.visitNewClass(made, found);
        }
    }

    /** Warnings of receipts whose sentence is made in more than one place. */
    static Stream<String> joinedWarnings() {
        return Stream.of(
                TargetTlsConfig.unverified(
                        "api", "turnout.services.\"api\".tls-verify", "turnout.services.\"api\".tls-ca"),
                "The limit of 1000 open files carries 400 clients and as many requests at a time, not"
                        + " turnout.limits.connections=20000. Further clients wait to be accepted. Raise LimitNOFILE or"
                        + " ulimit -n, or lower the key.",
                "127.0.0.1:8081 and 127.0.0.1:8082 are the same process, 4711, 4712: a switch between them changes"
                        + " nothing.",
                "Not known yet to be in force at member seoul-2 of the fleet. It follows as soon as it reaches etcd.",
                "no master process of nginx is seen behind turnout.nginx.pid (/run/nginx.pid): whether an old worker"
                        + " still takes a connection now and then, and when the old requests have ended, is not known;"
                        + " set turnout.nginx.pid.");
    }

    /** Collects what is said of failed orders. */
    private static final class FailedOrders extends TreeScanner<Void, Set<String>> {

        @Override
        public Void visitNewClass(NewClassTree made, Set<String> found) {
            if (made.getIdentifier().toString().equals("AuthorityFailed")) {
                Messages.add(Messages.texts(made.getArguments().get(1)), found);
            }
            return super.visitNewClass(made, found);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Set<String> found) {
            if (call.getMethodSelect().toString().equals("notSeen")) {
                Messages.add(Messages.texts(call.getArguments().get(1)), found);
            }
            return super.visitMethodInvocation(call, found);
        }
    }

    static Stream<String> failedOrders() throws IOException {
        return Stream.concat(
                found(new FailedOrders(), List.of(Path.of("src/main/java/dev/turnout/acme"))).stream(),
                Stream.of(
                                new CommandOutcome.Ended("/etc/hook set a b", 3, ""),
                                new CommandOutcome.Ended("/etc/hook set a b", 3, "no"),
                                new CommandOutcome.TimedOut("/etc/hook set a b", Duration.ofSeconds(1), ""),
                                new CommandOutcome.TimedOut("/etc/hook set a b", Duration.ofSeconds(1), "no"),
                                new CommandOutcome.NotStarted("/etc/hook set a b", "error=2"))
                        .map(CommandOutcome::describe));
    }

    @ParameterizedTest
    @MethodSource("failedOrders")
    void every_reason_of_a_failed_order_has_a_korean_text(String english) {
        String lead = TlsText.of(TlsFinding.ORDER_NOT_READY, "words", "").in(Language.KOREAN);
        String korean = TlsText.of(TlsFinding.ORDER_NOT_READY, "words", english).in(Language.KOREAN);

        assertThat(korean).startsWith(lead);
        assertKorean(english, korean.substring(lead.length()));
    }

    static Stream<String> allowed() {
        return Keys.ALL.stream()
                .map(key -> key.type().allowed())
                .filter(text -> text.contains(" "))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource({"messages", "joinedWarnings", "allowed"})
    void every_message_has_a_korean_text(String english) {
        assertKorean(english);
    }

    private static String assertKorean(String english) {
        return assertKorean(english, CheckText.of(english, Language.KOREAN));
    }

    private static String assertKorean(String english, String korean) {
        assertThat(korean).as(english).containsPattern(HANGUL);
        assertThat(ENGLISH.matcher(korean.replaceAll("'[^']*'", "")).find())
                .as(korean + " is not English")
                .isFalse();
        return korean;
    }

    @Test
    void the_sources_make_many_messages() throws IOException {
        assertThat(messages().count()).isGreaterThan(90);
        assertThat(allowed().count()).isGreaterThan(30);
    }

    @Test
    void a_message_keeps_its_facts_and_says_what_is_allowed() {
        assertThat(assertKorean("turnout.drain.timeout=5 (environment variable TURNOUT_DRAIN_TIMEOUT): '5' has no unit;"
                        + " allowed is a time from 1ms to 7d, such as 500ms, 30s or 2m."))
                .isEqualTo("turnout.drain.timeout=5 (환경 변수 TURNOUT_DRAIN_TIMEOUT): '5'에 단위가 없습니다. 쓸 수 있는 값:"
                        + " 1ms부터 7d까지의 시간. 예: 500ms, 30s, 2m.");
        assertThat(assertKorean("turnout.mode=x (/etc/turnout/turnout.properties): allowed is proxy or nginx."))
                .isEqualTo("turnout.mode=x (/etc/turnout/turnout.properties): 쓸 수 있는 값: proxy 또는 nginx.");
        assertThat(assertKorean(
                        "turnout.blue: is missing; allowed is one host:port, https://host:port, unix:/path, dns:name:port"
                                + " or srv:name, or several with commas between them."))
                .isEqualTo("turnout.blue: 값이 없습니다. 쓸 수 있는 값: host:port, https://host:port, unix:/path, dns:이름:포트,"
                        + " srv:이름 가운데 하나, 또는 쉼표로 구분한 여러 개.");
    }

    @Test
    void a_warning_of_a_receipt_keeps_its_facts() {
        assertThat(assertKorean("Forced: slot green was not proved healthy before it got the traffic."))
                .isEqualTo("강제 실행: 슬롯 green이(가) 트래픽을 받기 전에 정상인지 확인하지 않았습니다.");
        assertThat(assertKorean("Warm-up: GET /a failed at 127.0.0.1:1: status 500."))
                .isEqualTo("웜업: 127.0.0.1:1에서 GET /a 요청이 실패했습니다: status 500.");
    }

    @Test
    void what_nobody_has_translated_stays_as_it_is() {
        assertThat(CheckText.of("Something new of a newer Turnout", Language.KOREAN))
                .isEqualTo("Something new of a newer Turnout");
        assertThat(CheckText.of("allowed is true or false", Language.ENGLISH)).isEqualTo("allowed is true or false");
    }

    @Test
    @Timeout(30)
    void a_message_of_great_length_is_read_in_a_moment() {
        String many = "x=a (".repeat(50_000) + "'y' or ".repeat(50_000) + "; allowed is ".repeat(20_000) + ".";

        assertThat(CheckText.of(many, Language.KOREAN)).isNotEmpty();
    }

    @Test
    void the_message_of_a_start_is_korean_in_a_korean_environment() {
        ConfigReport report = new ConfigReport(
                List.of("turnout.admin.on-front=x (the default): allowed is true or false."), List.of());

        assertThat(report.message(Language.KOREAN))
                .isEqualTo("Turnout을 시작하지 않습니다. 설정에 오류가 1개 있습니다.\n"
                        + "  - turnout.admin.on-front=x (기본값): 쓸 수 있는 값: true 또는 false.");
    }
}
