package dev.turnout.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Random commands for a service, legal and illegal ones. */
final class Commands {

    private static final Target STRANGER = new Target("stranger.example", 1);

    private Commands() {}

    static List<Command> random(Random random, Service service, int length) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            commands.add(next(random, service));
        }
        return commands;
    }

    private static Command next(Random random, Service service) {
        return switch (random.nextInt(15)) {
            case 0, 1 -> new Command.SwitchTo(slot(random));
            case 2 -> new Command.Rollback();
            case 3 -> new Command.SetCanary(random.nextInt(121) - 10, key(random));
            case 4 -> new Command.TakeOut(target(random, service), random.nextInt(4) == 0);
            case 5 -> new Command.PutBack(target(random, service));
            case 6 -> new Command.Pause();
            case 7 -> new Command.AddTarget(slot(random), target(random, service), lease(random));
            case 8 -> new Command.RemoveTarget(slot(random), target(random, service), random.nextInt(4) == 0);
            case 9 -> new Command.SetTargets(slot(random), some(random, service), random.nextInt(4) == 0);
            case 13 ->
                new Command.ExpireTarget(slot(random), target(random, service), Set.copyOf(some(random, service)));
            case 10 -> new Command.ResetTargets(slot(random));
            case 11 -> new Command.BeginMaintenance(terms(random));
            case 12 -> new Command.EndMaintenance();
            default -> new Command.Resume();
        };
    }

    private static Slot slot(Random random) {
        return random.nextBoolean() ? Slot.BLUE : Slot.GREEN;
    }

    private static List<Target> some(Random random, Service service) {
        Set<Target> some = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(target(random, service));
        }
        return List.copyOf(some);
    }

    private static MaintenanceTerms terms(Random random) {
        return new MaintenanceTerms(
                random.nextBoolean() ? Optional.of("back soon") : Optional.empty(),
                List.of("10.0.0.0/8"),
                Duration.ofSeconds(1 + random.nextInt(2)));
    }

    private static Optional<Duration> lease(Random random) {
        return random.nextBoolean() ? Optional.of(Duration.ofSeconds(1 + random.nextInt(3))) : Optional.empty();
    }

    private static String key(Random random) {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private static Target target(Random random, Service service) {
        List<Target> all = new ArrayList<>(service.blue().targets());
        all.addAll(service.green().targets());
        all.add(STRANGER);
        return all.get(random.nextInt(all.size()));
    }
}
