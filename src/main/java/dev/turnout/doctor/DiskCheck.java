package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.OptionalLong;

/** Whether the disk of the state folder has room: a switch is refused if the state can't be saved. */
final class DiskCheck implements Check {

    private static final String WORD = "disk";
    private static final long MIB = 1 << 20;

    /** State and journal, each with the file that takes its place. */
    private static final long LEAST = 20 * MIB;

    private static final long SHORT = 200 * MIB;

    private final String place;
    private final OptionalLong usable;

    /**
     * @param place the state folder
     * @param usable how many bytes can still be written there, if that is known
     */
    DiskCheck(String place, OptionalLong usable) {
        this.place = place;
        this.usable = usable;
    }

    @Override
    public List<Finding> look() {
        if (usable.isEmpty()) {
            return List.of();
        }
        long mib = usable.getAsLong() / MIB;
        Phrase seen = new Phrase(
                "The disk of " + place + " has " + mib + " MiB left", place + "의 디스크에 " + mib + " MiB 남았습니다");
        if (usable.getAsLong() >= SHORT) {
            return List.of(Finding.good(WORD, seen));
        }
        return List.of(new Finding(
                usable.getAsLong() < LEAST ? Severity.ERROR : Severity.WARNING,
                WORD,
                seen,
                new Phrase(
                        "Make room: with a full disk Turnout refuses switches and writes no logs",
                        "공간을 확보하세요. 디스크가 가득 차면 전환이 거부되고 로그도 기록되지 않습니다")));
    }
}
