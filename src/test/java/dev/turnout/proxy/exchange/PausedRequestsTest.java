package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.Pipes;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.route.PauseLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How requests that wait are let go: on an event loop whose time does not pass by itself. */
final class PausedRequestsTest {

    /** Two requests go in each of a hundred steps. */
    private static final PauseLimits LIMITS = new PauseLimits(1000, 1 << 20, 60_000, 1000);

    private final LoopContext loop = new LoopContext(
            0, new EmbeddedChannel().eventLoop(), new Stopping(), BufferBudget.ofDirectMemory(), new Pipes(0, 1));
    private final PausedRequests room = new PausedRequests(loop, "shop", new PauseBudget(), () -> LIMITS);
    private final List<Fake> gone = new ArrayList<>();
    private boolean keeps;

    private final class Fake implements PausedRequests.Waiting {

        private final boolean paced;

        Fake(boolean paced) {
            this.paced = paced;
        }

        @Override
        public long bytes() {
            return 1;
        }

        @Override
        public boolean isPaced() {
            return paced;
        }

        @Override
        public boolean claimAgain(String service) {
            if (keeps) {
                return false;
            }
            room.leave(this);
            gone.add(this);
            return true;
        }

        @Override
        public void dismiss(LocalReply reply) {
            throw new AssertionError("nobody is dismissed");
        }
    }

    private void admit(int count, boolean paced) {
        for (int i = 0; i < count; i++) {
            assertThat(room.admit(new Fake(paced))).isTrue();
        }
    }

    @Test
    @DisplayName("What a hold has kept goes in one step")
    void atOnce() {
        admit(200, false);

        room.releaseHeld();

        assertThat(gone).hasSize(200);
    }

    @Test
    @DisplayName("What a pause has kept goes at its pace, behind what a hold has kept")
    void paced() {
        admit(200, true);
        admit(10, false);

        room.releaseHeld();

        assertThat(gone).hasSize(12);
        assertThat(gone.subList(0, 10)).noneMatch(Fake::isPaced);
        assertThat(gone.subList(10, 12)).allMatch(Fake::isPaced);
    }

    @Test
    @DisplayName("All wait on if the service is paused at the end of the hold, and go at the pace of the resume")
    void pausedMeanwhile() {
        admit(200, false);
        keeps = true;
        room.releaseHeld();
        assertThat(gone).isEmpty();

        keeps = false;
        room.release();
        assertThat(gone).hasSize(2);
    }
}
