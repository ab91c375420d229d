package dev.turnout.fleet;

import dev.turnout.fleet.decision.Enrolment;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdFailed;
import java.time.Duration;

/**
 * Says that this process is here, by a lease. The end of a lease decides nothing: a switch is refused as long as a member
 * is missing. One thread at a time.
 */
final class Presence {

    private final EtcdClient etcd;
    private final FleetStore store;
    private final Self self;
    private final Duration life;
    private volatile long lease;

    /**
     * Who is here.
     *
     * @param fleet the id of the fleet
     */
    record Self(String fleet, String member, String process) {}

    /** @param lease that is granted already; 0 if none is */
    Presence(EtcdClient etcd, FleetStore store, Self self, Duration life, long lease) {
        this.etcd = etcd;
        this.store = store;
        this.self = self;
        this.life = life;
        this.lease = lease;
    }

    /** Renews the lease, or begins another one and says that this process is here. Returns true in the second case. */
    synchronized boolean keep() throws EtcdFailed {
        long held = lease;
        if (held != 0 && etcd.keepAlive(held)) {
            return false;
        }
        long granted = etcd.grant(life);
        store.send(Enrolment.register(self.member(), self.process()), self.fleet(), granted);
        lease = granted;
        return true;
    }

    /** Says once more that this process is here: what a process before it has said came late. */
    synchronized void again() throws EtcdFailed {
        if (lease != 0) {
            store.send(Enrolment.register(self.member(), self.process()), self.fleet(), lease);
        }
    }

    /** Returns the lease that keys of this process go with. */
    long lease() {
        return lease;
    }

    /** Ends the lease: others see at once that this process is gone. */
    synchronized void end() throws EtcdFailed {
        if (lease != 0) {
            etcd.revoke(lease);
            lease = 0;
        }
    }
}
