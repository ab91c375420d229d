package dev.turnout.switching;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The targets that stay although they were not renewed in time. Any thread. */
final class OverdueTargets {

    private static final Logger LOG = Logger.getLogger(OverdueTargets.class);

    private final Map<Lease, Why> reasons = new ConcurrentHashMap<>();

    /** A target that has to be renewed. */
    record Lease(String service, Slot slot, Target target, Duration time) {

        /** Returns what tells the target from all others of the fleet. */
        String name() {
            return service + "/" + slot + "/" + target;
        }

        /** Returns the service of a target by its name among all of the fleet. */
        static String serviceOf(String name) {
            return name.substring(0, Math.max(0, name.indexOf('/')));
        }
    }

    /** Why a target stays. */
    enum Why {
        LAST("no other target in rotation is up there", "트래픽을 받을 다른 대상이 없어"),
        MANY(
                "half of the targets that were up there have been removed within 5 minutes, since nobody renewed them",
                "정상인 대상의 절반이 5분 안에 갱신되지 않아 이미 빠졌으므로");

        private final String english;
        private final String korean;

        Why(String english, String korean) {
            this.english = english;
            this.korean = korean;
        }
    }

    /** A target stays for now. */
    void stays(Lease lease, Why why) {
        if (why != reasons.put(lease, why)) {
            LOG.errorf("%s: %s Is the instance gone?", lease.service(), english(lease, why));
        }
    }

    /** A target was renewed. */
    void renewed(Lease lease) {
        if (reasons.remove(lease) != null) {
            LOG.infof("%s: %s of slot %s is renewed again", lease.service(), lease.target(), lease.slot());
        }
    }

    /** Forgets all others. */
    void retain(Set<Lease> leases) {
        reasons.keySet().retainAll(leases);
    }

    /** Returns a warning for each target of a service that stays. */
    List<Warning> warnings(String service) {
        return reasons.entrySet().stream()
                .filter(entry -> entry.getKey().service().equals(service))
                .sorted(Comparator.comparing(entry -> entry.getKey().target().toString()))
                .map(entry -> new Warning(
                        "target-overdue",
                        english(entry.getKey(), entry.getValue()),
                        korean(entry.getKey(), entry.getValue())))
                .toList();
    }

    private static String english(Lease lease, Why why) {
        return "Target " + lease.target() + " of slot " + lease.slot() + " was not renewed within "
                + lease.time().toSeconds() + " s, and stays: " + why.english + ".";
    }

    private static String korean(Lease lease, Why why) {
        return "슬롯 " + lease.slot() + "의 대상 " + lease.target() + "이(가) "
                + lease.time().toSeconds() + "초 안에 등록을 갱신하지 않았지만 " + why.korean + " 남겨 둡니다.";
    }
}
