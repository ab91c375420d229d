package dev.turnout.proxy.http1;

import java.util.ArrayList;
import java.util.List;

/** The addresses that a request says it came by, for rules about clients. It allocates, so it is for such rules only. */
public final class ForwardedHops {

    /** Stands for a hop whose address is not known. */
    public static final String UNKNOWN = "";

    private ForwardedHops() {}

    /**
     * Returns the addresses in the order in which they were added: the last one was added by the peer. They are those of
     * {@code X-Forwarded-For}, or else those of {@code Forwarded}: most proxies write only the former and pass on what a
     * client says in the latter.
     */
    public static List<String> of(RequestHead head) {
        List<String> hops = xForwardedFor(head);
        return hops.isEmpty() ? forwarded(head) : hops;
    }

    private static List<String> xForwardedFor(RequestHead head) {
        List<String> hops = new ArrayList<>();
        FieldLines fields = head.fields();
        Span item = new Span();
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) == FieldName.X_FORWARDED_FOR) {
                int end = fields.valueEnd(line);
                int at = fields.valueStart(line);
                while (at < end) {
                    at = ListItems.next(head.bytes(), at, end, item);
                    if (!item.isEmpty()) {
                        hops.add(address(item));
                    }
                }
            }
        }
        return hops;
    }

    private static List<String> forwarded(RequestHead head) {
        List<String> hops = new ArrayList<>();
        ForwardedPairs pairs = new ForwardedPairs();
        pairs.start();
        while (pairs.next(head.fields())) {
            if (pairs.isFor()) {
                hops.add(address(pairs.value()));
            }
        }
        // What stands behind the broken part is nearer than all that was read.
        return pairs.isBroken() ? List.of(UNKNOWN) : hops;
    }

    private static String address(Span hop) {
        Span address = new Span();
        return IpLiteral.find(hop, address) ? address.text() : UNKNOWN;
    }
}
