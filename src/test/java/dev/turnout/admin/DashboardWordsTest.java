package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.routing.Command;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The words of the dashboard")
final class DashboardWordsTest {

    private static final Path WORDS = Path.of("src/main/resources/dashboard/words.js");
    private static final Pattern ROW = Pattern.compile("\\[/(.+?)/, '([^']*)'\\]");
    private static final Target TARGET = new Target("app-1.example", 8080);

    /** A pattern of the table and what stands for it in Korean, both as JavaScript reads them. */
    private record Row(Pattern pattern, String korean) {}

    static List<Command> commands() {
        return List.of(
                new Command.SwitchTo(Slot.GREEN),
                new Command.Rollback(),
                new Command.SetCanary(10, "key"),
                new Command.TakeOut(TARGET, false),
                new Command.PutBack(TARGET),
                new Command.AddTarget(Slot.BLUE, TARGET, Optional.empty()),
                new Command.AddTarget(Slot.BLUE, TARGET, Optional.of(Duration.ofSeconds(30))),
                new Command.ExpireTarget(Slot.BLUE, TARGET, Set.of()),
                new Command.RemoveTarget(Slot.GREEN, TARGET, false),
                new Command.SetTargets(Slot.GREEN, List.of(TARGET), false),
                new Command.ResetTargets(Slot.BLUE),
                new Command.FollowNames(Slot.BLUE, List.of(TARGET)),
                new Command.Pause(),
                new Command.Resume(),
                new Command.BeginMaintenance(new MaintenanceTerms(Optional.empty(), List.of(), Duration.ofMinutes(1))),
                new Command.EndMaintenance());
    }

    static Stream<String> descriptions() {
        Stream<String> suffixed = Stream.of(
                "switch to the idle slot, dry run, forced, watched for 30 s",
                "promote the canary, watched for 30 s",
                "take app-1.example:8080 out of rotation, forced");
        return Stream.concat(commands().stream().map(Command::describe), suffixed);
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void each_command_has_its_description_in_korean(String description) throws IOException {
        String told = description;
        for (Row row : rows()) {
            told = row.pattern().matcher(told).replaceAll(row.korean());
        }

        String withoutNames = told.replace(TARGET.toString(), "").replaceAll("blue|green", "");

        assertThat(withoutNames).containsPattern("[가-힣]").doesNotContainPattern("[A-Za-z]");
    }

    @Test
    void no_command_is_missing_here() {
        assertThat(commands().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(records(Command.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(DashboardWordsTest::records)
                : Stream.of(type);
    }

    static Stream<String> wordsOfTheFleet() throws IOException {
        String document = Files.readString(Path.of("src/main/resources/META-INF/openapi.yaml"));
        Matcher verdicts = Pattern.compile("enum: \\[seen, ([^]]+)\\]").matcher(document);
        assertThat(verdicts.find()).isTrue();
        return Stream.concat(
                Stream.of(verdicts.group(1).split(", ")).map(verdict -> "fleetNews " + verdict),
                Stream.concat(FleetStatus.Problem.KINDS.stream(), Stream.of("well"))
                        .map(kind -> "fleetStore " + kind));
    }

    @ParameterizedTest
    @MethodSource("wordsOfTheFleet")
    void each_event_and_trouble_of_a_fleet_has_words_in_both_languages(String word) throws IOException {
        String[] parts = word.split(" ");
        Matcher table = Pattern.compile("  " + parts[0] + ": \\{(.*?)\\},\n", Pattern.DOTALL)
                .matcher(Files.readString(WORDS));
        List<String> tables = table.results().map(found -> found.group(1)).toList();

        assertThat(tables).hasSize(2).allSatisfy(told -> assertThat(told)
                .containsPattern("(^|[\\s,])'?" + parts[1] + "'?: "));
    }

    private static List<Row> rows() throws IOException {
        String words = Files.readString(WORDS);
        int begin = words.indexOf("const KOREAN_WHAT");
        Matcher matcher = ROW.matcher(words.substring(begin, words.indexOf("];", begin)));
        List<Row> rows = new ArrayList<>();
        while (matcher.find()) {
            rows.add(new Row(Pattern.compile(matcher.group(1)), matcher.group(2)));
        }
        return rows;
    }
}
