package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class PageTemplateTest {

    private static final PageFacts FACTS = new PageFacts(
            503, "Service Unavailable", "paused", "Wait & \"see\"", 30, "4bf92f", "<script>alert('x')</script>");

    private static String render(String page) {
        return PageTemplate.parse(page).render(FACTS);
    }

    @Test
    void every_placeholder_is_replaced_wherever_it_stands() {
        assertThat(render("{{status}} {{ reason }}|{{cause}}|{{request-id}}|{{retry-after}}|{{status}}"))
                .isEqualTo("503 Service Unavailable|paused|4bf92f|30|503");
    }

    @Test
    void what_comes_from_outside_is_only_text() {
        assertThat(render("<p title=\"{{host}}\">{{message}}</p>"))
                .isEqualTo(
                        "<p title=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\">Wait &amp; &quot;see&quot;</p>");
    }

    @Test
    void braces_of_styles_and_what_stands_for_a_placeholder_stay_as_they_are() {
        assertThat(render("<style>a{b{c:d}}</style>")).isEqualTo("<style>a{b{c:d}}</style>");
        PageFacts facts = new PageFacts(502, "Bad Gateway", "c", "{{host}}", 0, "", "h");
        assertThat(PageTemplate.parse("{{message}}{{retry-after}}").render(facts))
                .isEqualTo("{{host}}");
    }

    @Test
    void a_placeholder_that_is_not_known_is_refused_with_those_that_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageTemplate.parse("<p>{{request_id}}</p>"))
                .withMessageContaining("{{request_id}}")
                .withMessageContaining("status, reason, message, cause, request-id, retry-after, host");
    }
}
