package dev.turnout.proxy.exchange;

import dev.turnout.proxy.exchange.PasswordChecks.Question;
import dev.turnout.proxy.route.Rule;
import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A request that waits until its password has been checked. Event loop only. */
final class PasswordHold implements Hold, PasswordChecks.Listener {

    private final PasswordChecks checks;
    private final Question question;
    private final String user;
    private final @Nullable InetAddress client;
    private final Rule rule;
    private final Executor loop;
    private @Nullable Waiter waiter;

    /**
     * @param user who is recognised if the password is right
     * @param client the address of the client; null if it is not known
     * @param loop runs tasks on the event loop
     */
    PasswordHold(
            PasswordChecks checks,
            Question question,
            String user,
            @Nullable InetAddress client,
            Rule rule,
            Executor loop) {
        this.user = user;
        this.checks = checks;
        this.question = question;
        this.client = client;
        this.rule = rule;
        this.loop = loop;
    }

    @Override
    public void begin(Waiter waits) {
        switch (checks.check(question, client, this)) {
            case YES -> waiter = waits;
            case TOO_MANY_OF_ADDRESS -> waits.refused(RuleReplies.tooManyChecks(rule));
            case TOO_MANY -> waits.refused(RuleReplies.checksBusy(rule));
        }
    }

    @Override
    public void checked(boolean isRight) {
        loop.execute(() -> tell(isRight));
    }

    private void tell(boolean isRight) {
        Waiter waits = waiter;
        waiter = null;
        if (waits == null) {
            return;
        }
        if (isRight) {
            waits.recognised(user);
            waits.goesOn();
        } else {
            waits.refused(RuleReplies.unauthorized(rule));
        }
    }

    @Override
    public void giveUp() {
        waiter = null;
        checks.forget(question, this);
    }

    @Override
    public LocalReply tooLate() {
        return RuleReplies.checksBusy(rule);
    }
}
