package dev.turnout.proxy.exchange;

import dev.turnout.config.ErrorPages;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.text.ErrorPage;
import dev.turnout.text.Language;
import dev.turnout.text.PageFacts;
import dev.turnout.text.PageTemplate;

/** The pages that browsers get with answers of Turnout's own: those of the operator, or else Turnout's. */
final class ReplyPages {

    private ReplyPages() {}

    /**
     * Returns an answer with the page for a client. It allocates, which is fine for what no target answers.
     *
     * @param service empty if the request is for none
     * @param head of the request
     */
    static LocalReply shown(LocalReply reply, ErrorPages pages, String service, RequestHead head) {
        Language in = Language.ofAcceptLanguage(head.field(FieldName.ACCEPT_LANGUAGE));
        PageFacts facts = reply.facts(head.field(FieldName.X_REQUEST_ID), head.field(FieldName.HOST));
        PageTemplate page = pages.of(service, reply.status());
        return reply.withPage(
                page == null
                        ? ErrorPage.of(facts, in)
                        : page.render(new PageFacts(
                                facts.status(),
                                facts.reason(),
                                facts.cause(),
                                ErrorPage.message(facts, in),
                                facts.retryAfterSeconds(),
                                facts.requestId(),
                                facts.host())));
    }
}
