package dev.turnout.proxy.exchange;

import dev.turnout.proxy.exchange.ExchangeModel.Answer;
import dev.turnout.proxy.exchange.ExchangeModel.Question;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.stateful.Action;
import net.jqwik.api.stateful.ActionSequence;

/**
 * Exchanges that share connections, through random orders of all that can happen to them. A failure names the shortest
 * order that jqwik has found, and its seed.
 */
final class ExchangeModelTest {

    private static final int VARIANTS = 240;
    private static final int EVENTS = 60;

    /** All that can happen. */
    private enum Kind {
        START(10, (model, event) -> model.mayStart()) {
            @Override
            void run(ExchangeModel model, Event event) {
                Question[] all = Question.values();
                model.start(all[event.variant % all.length], event.variant / all.length % 2 * 4 * (event.party + 1));
            }
        },
        OPEN(10, (model, event) -> model.isConnecting()) {
            @Override
            void run(ExchangeModel model, Event event) {
                switch (event.variant % 8) {
                    case 0 -> model.openBroken();
                    case 1 -> model.openAndEnd();
                    default -> model.open();
                }
            }
        },
        REFUSE(1, (model, event) -> model.isConnecting()) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.refuse(event.variant);
            }
        },
        CLIENT_SENDS(8, (model, event) -> model.takesBody(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.sendBody(event.party, event.variant % 2 == 0 ? 100 : 1 + event.variant % 4);
            }
        },
        CLIENT_BREAKS_BODY(1, (model, event) -> model.isChunkDue(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.breakBody(event.party);
            }
        },
        CLIENT_LEAVES(1, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.leave(event.party);
            }
        },
        CLIENT_ENDS_INPUT(1, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.endInput(event.party);
            }
        },
        CLIENT_TAKES_OR_NOT(3, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.toggleClient(event.party);
            }
        },
        INTERIM(2, (model, event) -> model.mayAnswer(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.interim(event.party);
            }
        },
        ANSWER(12, (model, event) -> model.mayAnswer(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                Answer[] all = Answer.values();
                model.answer(event.party, all[event.variant % all.length], event.variant / all.length % 5);
            }
        },
        TARGET_SENDS(12, (model, event) -> model.maySendBody(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.sendResponse(event.party, 1 + event.variant % 4);
            }
        },
        TARGET_BREAKS_RESPONSE(1, (model, event) -> model.hasConnection(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.breakResponse(event.party);
            }
        },
        TARGET_ENDS(2, (model, event) -> model.hasConnection(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.endConnection(event.party, event.variant % 3 == 0);
            }
        },
        TARGET_TAKES_NO_MORE(1, (model, event) -> model.hasConnection(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.breakOutput(event.party);
            }
        },
        TARGET_TAKES_OR_NOT(3, (model, event) -> model.hasConnection(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.toggleTarget(event.party);
            }
        },
        IDLE_CONNECTION_DIES(1, (model, event) -> model.hasIdle()) {
            @Override
            void run(ExchangeModel model, Event event) {
                switch (event.variant % 3) {
                    case 0 -> model.endIdle();
                    case 1 -> model.breakIdle();
                    default -> model.breakIdleAtFlush();
                }
            }
        },
        PAUSE(1, (model, event) -> true) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.pause();
            }
        },
        RESUME(2, (model, event) -> true) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.resume();
            }
        },
        TIME_OUT(1, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.timeOut(event.party);
            }
        },
        TIMER_FIRES(1, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.fireTimer(event.party);
            }
        },
        MEMORY_IS_FREE(1, (model, event) -> model.isLive(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.goOn(event.party);
            }
        },
        CUT(1, (model, event) -> model.hasTarget(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.cut(event.party);
            }
        },
        RETIRE(4, (model, event) -> model.isRetirable(event.party)) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.retire(event.party, event.variant % 3 * 5);
            }
        },
        TIME_PASSES(3, (model, event) -> true) {
            @Override
            void run(ExchangeModel model, Event event) {
                model.pass(event.variant % 2 == 0 ? 100 : 5000);
            }
        };

        private final int weight;
        private final BiPredicate<ExchangeModel, Event> isPossible;

        Kind(int weight, BiPredicate<ExchangeModel, Event> isPossible) {
            this.weight = weight;
            this.isPossible = isPossible;
        }

        abstract void run(ExchangeModel model, Event event);
    }

    /**
     * One event.
     *
     * @param party which of the exchanges under way
     * @param variant chooses between ways in which the event can come
     */
    private record Event(Kind kind, int party, int variant) implements Action<ExchangeModel> {

        @Override
        public boolean precondition(ExchangeModel model) {
            return kind.isPossible.test(model, this);
        }

        @Override
        public ExchangeModel run(ExchangeModel model) {
            kind.run(model, this);
            return model;
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT) + "(" + party + ", " + variant + ")";
        }
    }

    @Provide
    Arbitrary<ActionSequence<ExchangeModel>> orders() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Stream.of(Kind.values())
                .map(kind -> Tuple.of(kind.weight, kind))
                .toList());
        Arbitrary<Event> events = Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, ExchangeModel.MOST_AT_A_TIME - 1),
                        Arbitraries.integers().between(0, VARIANTS - 1))
                .as(Event::new);
        return Arbitraries.sequences(events).ofSize(EVENTS);
    }

    /** The seed is fixed, so that a build does not fail by chance. Another seed tries other orders. */
    @Property(tries = 1000, seed = "20261126")
    void each_exchange_ends_once_and_leaves_nothing_behind(@ForAll("orders") ActionSequence<ExchangeModel> events) {
        events.withInvariant("what must hold after each event", ExchangeModel::check)
                .run(new ExchangeModel())
                .finish();
    }
}
