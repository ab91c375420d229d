package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.text.Language;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The keys under turnout.notify")
final class NotifyCheckTest {

    private static final String SLACK = "notify.url=https://hooks.slack.com/services/T0/B0/abcdef";

    private static ConfigReport check(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    private static List<ReceiverConfig> receivers(String... settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(GivenSettings.withTargets(settings), "test", 500))
                        .build())
                .notifications()
                .receivers();
    }

    @Test
    @DisplayName("name nobody by default")
    void nobody_is_told_by_default() {
        assertThat(receivers()).isEmpty();
        assertThat(check().errors()).isEmpty();
    }

    @Test
    @DisplayName("need an address only: all events, in English, tried for ten minutes")
    void an_address_is_enough() {
        assertThat(receivers(SLACK)).singleElement().satisfies(receiver -> {
            assertThat(receiver.name()).isEqualTo("default");
            assertThat(receiver.url().orElseThrow().form()).isEqualTo(HookForm.SLACK);
            assertThat(receiver.events()).containsExactlyInAnyOrder(NotifyEvent.values());
            assertThat(receiver.language()).isEqualTo(Language.ENGLISH);
            assertThat(receiver.giveUp()).isEqualTo(Duration.ofMinutes(10));
        });
    }

    @Test
    @DisplayName("are inherited from the top by receivers with a name, but for address, form and secret")
    void a_receiver_with_a_name_inherits() {
        List<ReceiverConfig> receivers = receivers(
                SLACK,
                "notify.form=slack",
                "notify.secret=top-secret",
                "notify.language=ko",
                "notify.events=refused",
                "notify.ca-file=/ca.pem",
                "notify.receivers.\"ops\".url=https://example.com/x",
                "notify.receivers.\"night-shift\".url-file=/url",
                "notify.receivers.\"night-shift\".events=service-down, service-back",
                "notify.receivers.\"night-shift\".language=en");

        assertThat(receivers).extracting(ReceiverConfig::name).containsExactly("default", "night-shift", "ops");
        ReceiverConfig night = receivers.get(1);
        assertThat(night.urlFile()).contains(Path.of("/url"));
        assertThat(night.events()).containsExactlyInAnyOrder(NotifyEvent.SERVICE_DOWN, NotifyEvent.SERVICE_BACK);
        assertThat(night.language()).isEqualTo(Language.ENGLISH);
        ReceiverConfig ops = receivers.get(2);
        assertThat(ops.events()).containsExactly(NotifyEvent.REFUSED);
        assertThat(ops.language()).isEqualTo(Language.KOREAN);
        assertThat(ops.caFile()).contains(Path.of("/ca.pem"));
        assertThat(ops.secret()).isEmpty();
        assertThat(ops.form()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.slack.com/services/T/B/x, SLACK",
        "https://hooks.slack.com/workflows/T/B/x, SLACK",
        "https://discord.com/api/webhooks/1234/token, DISCORD",
        "https://canary.discord.com/api/v10/webhooks/1234/token, DISCORD",
        "https://discordapp.com/api/webhooks/1234/token, DISCORD",
        "https://kakaowork.com/bots/hook/0123456789abcdef, KAKAOWORK",
        "https://example.com/hook?a=b, JSON",
        "http://localhost:8080/hook, JSON",
        "http://[::1]:8080/hook, JSON",
        "https://notslack.com/services/x, JSON"
    })
    @DisplayName("tell the form of messages from the host of the address")
    void the_form_follows_from_the_host(String url, HookForm form) {
        assertThat(HookUrl.parse(url).form()).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://secret-word.example.com/x",
                "secret-word",
                "https://",
                "https:///secret-word",
                "https://user:secret-word@example.com/",
                "https://example.com/#secret-word",
                "https://example.com/secret word",
                "https://example.com:99999/secret-word"
            })
    @DisplayName("take no address that is none, and no message shows it")
    void an_address_that_is_none_is_an_error_that_does_not_show_it(String url) {
        assertThat(check("notify.url=" + url).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.notify.url=(not shown) (test.properties): allowed is a URL that begins with")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://hook.example.com/secret-word|crosses the network in clear",
                "https://hooks.slack.com/|is no incoming webhook of Slack",
                "https://app.slack.com/client/secret-word|is no incoming webhook of Slack",
                "https://discord.com/channels/1/2|is no incoming webhook of Discord",
                "https://kakaowork.com/bots/hook/|is no incoming webhook of KakaoWork"
            })
    @DisplayName("warn of an address that can't work, and do not show it")
    void a_doubtful_address_is_a_warning(String url, String expected) {
        ConfigReport report = check("notify.url=" + url);

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .startsWith("The URL of turnout.notify.url ")
                .contains(expected)
                .doesNotContain("secret-word");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "notify.url-file=/x|turnout.notify.url has a value too",
                "notify.secret-file=/x|turnout.notify.secret has a value too",
                "notify.events=deployed,fired|one or several of deployed, refused, switched-back",
                "notify.language=fr|allowed is en or ko",
                "notify.receivers.\"ops\".language=ko|receiver 'ops' has no address",
                "notify.receivers.\"Ops\".url=https://example.com/|is not the name of a receiver",
                "notify.receivers.\"default\".url=https://example.com/|is not the name of a receiver",
                "notify.receivers.\"ops\".urls=https://example.com/|is not a key of Turnout; did you mean",
                "notify.secret=whsec_!!|base64 behind whsec_"
            })
    @DisplayName("are checked against each other")
    void what_does_not_fit_is_an_error(String setting, String expected) {
        List<String> settings = new ArrayList<>(List.of("notify.url=https://example.com/hook", setting));
        if (setting.startsWith("notify.secret-file")) {
            settings.add("notify.secret=abc");
        }

        assertThat(check(settings.toArray(String[]::new)).errors())
                .anySatisfy(error -> assertThat(error).contains(expected));
    }

    @Test
    @DisplayName("bound the receivers, each of which has a thread")
    void seventeen_receivers_are_too_many() {
        String[] settings = new String[17];
        for (int i = 0; i < settings.length; i++) {
            settings[i] = "notify.receivers.\"r" + i + "\".url=https://example.com/hook";
        }

        assertThat(check(settings).errors())
                .singleElement()
                .asString()
                .contains("there are 17 receivers; allowed are 16");
    }

    @Test
    @DisplayName("warn of values that nothing uses")
    void what_has_no_effect_is_a_warning() {
        assertThat(check("notify.language=ko").warnings())
                .singleElement()
                .asString()
                .contains("Nobody is told of anything although turnout.notify.language has a value");
        assertThat(check(SLACK, "notify.secret=abc").warnings())
                .singleElement()
                .asString()
                .contains("turnout.notify.secret has no effect: messages for Slack are not signed");
    }
}
