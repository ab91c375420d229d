package dev.turnout.sample;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts late or not at all when told to, before the port opens. */
@Component
@Lazy(false)
final class BadStart implements InitializingBean {

    private final AppSettings settings;

    BadStart(AppSettings settings) {
        this.settings = settings;
    }

    @Override
    public void afterPropertiesSet() throws InterruptedException {
        if (settings.failStart()) {
            throw new IllegalStateException("this version cannot start: app.fail-start=true");
        }
        Thread.sleep(settings.startDelay().toMillis());
    }
}
