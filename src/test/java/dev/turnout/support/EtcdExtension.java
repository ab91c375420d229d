package dev.turnout.support;

import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdSettings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One etcd for all tests of a class, each with keys of its own. To be registered as a static field. */
public final class EtcdExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private Etcd etcd;
    private String prefix;

    @Override
    public void beforeAll(ExtensionContext context) {
        etcd = Etcd.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        prefix = "/turnout/" + context.getRequiredTestMethod().getName() + "/";
    }

    @Override
    public void afterAll(ExtensionContext context) {
        etcd.close();
    }

    public Etcd etcd() {
        return etcd;
    }

    /** Returns what the keys of the test begin with, with a slash at its end. */
    public String prefix() {
        return prefix;
    }

    /** Returns a new client. */
    public EtcdClient client(Duration answer) {
        return new EtcdClient(new EtcdSettings(etcd.endpoints(), Optional.empty(), Optional.empty(), answer));
    }
}
