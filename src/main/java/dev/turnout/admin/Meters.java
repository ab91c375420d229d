package dev.turnout.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * All meters of Turnout that Micrometer keeps. Quarkus binds its own before them, in a step whose place in the start is
 * another one in each build: it can come when the admin server has been listening for some milliseconds.
 */
public final class Meters implements MeterBinder {

    private final List<MeterBinder> binders;
    private final Promise<Void> bound = Promise.promise();

    public Meters(List<MeterBinder> binders) {
        this.binders = List.copyOf(binders);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        binders.forEach(binder -> binder.bindTo(registry));
        bound.complete();
    }

    /** Returns what completes when the metrics have all meters. Completes on the thread of the start. */
    Future<Void> bound() {
        return bound.future();
    }
}
