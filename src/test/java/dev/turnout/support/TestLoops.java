package dev.turnout.support;

import dev.turnout.proxy.DataLoops;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;

/** Event loops for a data plane of a test: those of Vert.x, which end with it. */
public final class TestLoops {

    private TestLoops() {}

    public static DataLoops of(Vertx vertx) {
        return new DataLoops(((VertxInternal) vertx).getEventLoopGroup(), DataLoops.lookUps(vertx));
    }
}
