package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.PasswordFile;
import dev.turnout.proxy.exchange.PasswordChecks.Question;
import dev.turnout.proxy.exchange.PasswordChecks.Taken;
import dev.turnout.proxy.http1.BasicCredentials;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Checks of passwords take turns by address, are bounded, and are done once")
final class PasswordChecksTest {

    /** Of cost 4, made with libxcrypt. */
    private static final String HASH_OF_SECRET = "$2b$04$Dvpca6lVWZwyejoXQSwN2uywuHqCWd8q3rm228wJWechRPlvz2LQm";

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final PasswordChecks checks = new PasswordChecks(work::add);
    private final List<String> told = new ArrayList<>();

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private Question question(String password) {
        return checks.question(new BasicCredentials("ann", password.getBytes(UTF_8)), HASH_OF_SECRET, true);
    }

    private Taken ask(String password, String client) {
        return checks.check(
                question(password), address(client), isRight -> told.add(client + " " + password + " " + isRight));
    }

    private void run() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    @ParameterizedTest
    @CsvSource({"2a", "2b", "2y"})
    void every_spelling_of_bcrypt_is_understood(String version) {
        Question question = checks.question(
                new BasicCredentials("ann", "secret".getBytes(UTF_8)), HASH_OF_SECRET.replace("2b", version), true);
        checks.check(question, null, isRight -> told.add(String.valueOf(isRight)));
        run();

        assertThat(told).containsExactly("true");
    }

    @Test
    void a_right_password_is_known_afterwards_and_a_wrong_one_is_not() {
        ask("secret", "192.0.2.1");
        ask("guess", "192.0.2.1");
        run();

        assertThat(told).containsExactly("192.0.2.1 secret true", "192.0.2.1 guess false");
        assertThat(checks.isKnown(question("secret"))).isTrue();
        assertThat(checks.isKnown(question("guess"))).isFalse();
        Question otherHash = checks.question(
                new BasicCredentials("ann", "secret".getBytes(UTF_8)), PasswordFile.hash("x".getBytes(UTF_8)), true);
        assertThat(checks.isKnown(otherHash)).as("after the hash has changed").isFalse();
    }

    @Test
    void nobodys_password_is_never_right() {
        Question question =
                checks.question(new BasicCredentials("eve", "secret".getBytes(UTF_8)), HASH_OF_SECRET, false);
        checks.check(question, null, isRight -> told.add(String.valueOf(isRight)));
        run();

        assertThat(told).containsExactly("false");
    }

    @Test
    void requests_that_ask_the_same_share_one_check() {
        for (int i = 0; i < 100; i++) {
            assertThat(ask("secret", "192.0.2." + i)).isEqualTo(Taken.YES);
        }
        assertThat(work).hasSize(1);
        run();

        assertThat(told).hasSize(100).allMatch(line -> line.endsWith("secret true"));
    }

    @Test
    void who_guesses_is_stopped_at_a_few_and_keeps_others_waiting_for_one_check() {
        for (int i = 0; i < PasswordChecks.MOST_OF_ADDRESS; i++) {
            assertThat(ask("guess" + i, "2001:db8::" + i)).isEqualTo(Taken.YES);
        }
        assertThat(ask("one more", "2001:db8::ffff")).as("the same /64").isEqualTo(Taken.TOO_MANY_OF_ADDRESS);
        assertThat(ask("secret", "192.0.2.1")).isEqualTo(Taken.YES);
        work.remove().run();
        work.remove().run();

        assertThat(told).containsExactly("2001:db8::0 guess0 false", "192.0.2.1 secret true");
    }

    @Test
    void many_addresses_together_are_bounded_too() {
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            taken += ask("guess" + i, "198.51." + i / 200 + "." + i % 200) == Taken.YES ? 1 : 0;
        }
        assertThat(taken).isEqualTo(PasswordChecks.MOST);
        run();

        assertThat(told).hasSize(PasswordChecks.MOST);
        assertThat(ask("again", "198.51.0.1")).isEqualTo(Taken.YES);
    }

    @Test
    void a_check_that_nobody_waits_for_any_more_is_left_out() {
        Question question = question("secret");
        PasswordChecks.Listener gone = isRight -> told.add("gone");
        checks.check(question, null, gone);
        checks.forget(question, gone);
        run();

        assertThat(told).isEmpty();
        assertThat(checks.isKnown(question)).isFalse();
    }

    @Test
    void a_check_that_got_no_thread_leaves_nothing_behind() {
        Queue<Boolean> shortages = new ArrayDeque<>(List.of(true));
        PasswordChecks scarce = new PasswordChecks(task -> {
            // Java's pool may have the task in its queue when it finds that no thread can be started.
            work.add(task);
            if (shortages.poll() != null) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        PasswordChecks.Listener listener = isRight -> told.add(String.valueOf(isRight));
        Question question =
                scarce.question(new BasicCredentials("ann", "secret".getBytes(UTF_8)), HASH_OF_SECRET, true);
        assertThat(scarce.check(question, null, listener)).isEqualTo(Taken.TOO_MANY);
        run();
        assertThat(told).isEmpty();

        assertThat(scarce.check(question, null, listener)).isEqualTo(Taken.YES);
        run();
        assertThat(told).containsExactly("true");
    }

    @Test
    void the_bytes_behind_the_72nd_do_not_count() {
        String long72 = "x".repeat(72);
        String hash = PasswordFile.hash(long72.getBytes(UTF_8));
        checks.check(
                checks.question(new BasicCredentials("ann", (long72 + "y").getBytes(UTF_8)), hash, true),
                null,
                isRight -> told.add(String.valueOf(isRight)));
        run();

        assertThat(told).containsExactly("true");
    }
}
