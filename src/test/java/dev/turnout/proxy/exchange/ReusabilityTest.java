package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Goes through all orders of what can happen on a target connection in one exchange. */
final class ReusabilityTest {

    private enum Event {
        REQUEST_WRITTEN,
        INTERIM,
        FIRST_BYTE,
        HEAD,
        WHOLE,
        OVERRUN
    }

    @Test
    void a_connection_is_reusable_only_after_both_messages_in_their_order() {
        List<List<Event>> orders = new ArrayList<>();
        extend(new ArrayList<>(), EnumSet.allOf(Event.class), orders);
        assertThat(orders).hasSizeGreaterThan(1000);
        for (List<Event> order : orders) {
            assertThat(isReusable(order)).as(order.toString()).isEqualTo(mayBeReused(order));
        }
    }

    /** All orders of all selections. */
    private static void extend(List<Event> begun, Set<Event> left, List<List<Event>> orders) {
        orders.add(List.copyOf(begun));
        for (Event next : left) {
            Set<Event> rest = EnumSet.copyOf(left);
            rest.remove(next);
            begun.add(next);
            extend(begun, rest, orders);
            begun.remove(begun.size() - 1);
        }
    }

    private static boolean isReusable(List<Event> order) {
        Reusability reusability = new Reusability();
        reusability.requestBegun(true, true, true);
        boolean written = false;
        for (Event event : order) {
            switch (event) {
                case REQUEST_WRITTEN -> written = true;
                case INTERIM -> {
                    reusability.responseBytes(written);
                    reusability.interimResponse();
                }
                case FIRST_BYTE -> reusability.responseBytes(written);
                case HEAD -> {
                    reusability.responseBytes(written);
                    reusability.responseHead(true, false);
                }
                case WHOLE -> reusability.responseWhole(true);
                case OVERRUN -> reusability.spoil();
            }
        }
        return reusability.isReusable();
    }

    /** The same, said by positions. What comes before an interim response is that response's. */
    private static boolean mayBeReused(List<Event> order) {
        int head = order.indexOf(Event.HEAD);
        int first = order.indexOf(Event.FIRST_BYTE);
        int interim = order.indexOf(Event.INTERIM);
        boolean isInterims = first < interim && interim < head;
        int begun = first >= 0 && first < head && !isInterims ? first : head;
        int written = order.indexOf(Event.REQUEST_WRITTEN);
        return head >= 0
                && written >= 0
                && written < begun
                && order.indexOf(Event.WHOLE) > head
                && !order.contains(Event.OVERRUN);
    }

    @ParameterizedTest
    @CsvSource({
        "false, true, false, true",
        "false, true, true, true",
        "true, true, true, true",
        "true, false, true, false",
        "true, true, false, false",
        "true, false, false, false"
    })
    void content_is_known_by_its_length_and_belongs_to_a_method_that_is_read(
            boolean hasContent, boolean lengthIsKnown, boolean contentIsRead, boolean reusable) {
        Reusability reusability = new Reusability();
        reusability.requestBegun(hasContent, lengthIsKnown, contentIsRead);
        complete(reusability, true, false, true);
        assertThat(reusability.isReusable()).isEqualTo(reusable);
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, true, true",
        "false, false, true, false",
        "true, true, true, false",
        "true, false, false, false"
    })
    void a_response_ends_by_its_framing_and_keeps_the_connection(
            boolean persists, boolean bodilessAnnouncesBody, boolean byFraming, boolean reusable) {
        Reusability reusability = new Reusability();
        reusability.requestBegun(false, true, false);
        complete(reusability, persists, bodilessAnnouncesBody, byFraming);
        assertThat(reusability.isReusable()).isEqualTo(reusable);
    }

    @Test
    void the_next_exchange_is_judged_by_itself() {
        Reusability reusability = new Reusability();
        reusability.requestBegun(false, true, false);
        complete(reusability, true, false, true);
        reusability.requestBegun(false, true, false);
        assertThat(reusability.isReusable()).isFalse();
        complete(reusability, true, false, true);
        assertThat(reusability.isReusable()).isTrue();
    }

    private static void complete(
            Reusability reusability, boolean persists, boolean bodilessAnnouncesBody, boolean byFraming) {
        reusability.responseBytes(true);
        reusability.responseHead(persists, bodilessAnnouncesBody);
        reusability.responseWhole(byFraming);
    }
}
