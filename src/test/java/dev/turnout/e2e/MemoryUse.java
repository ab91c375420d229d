package dev.turnout.e2e;

import dev.turnout.support.TurnoutProcess;

/**
 * What a Turnout holds once the garbage is gone, in bytes.
 *
 * @param resident of the whole process
 * @param heap in use
 * @param direct outside the heap, for buffers
 */
record MemoryUse(long resident, long heap, long direct) {

    static MemoryUse of(TurnoutProcess turnout) {
        turnout.collectGarbage();
        String metrics = turnout.admin().get("/q/metrics").expect(200).text();
        return new MemoryUse(
                turnout.residentBytes(),
                sum(metrics, "jvm_memory_used_bytes{area=\"heap\""),
                sum(metrics, "jvm_buffer_memory_used_bytes{id=\"direct\""));
    }

    private static long sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .reduce(Long::sum)
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    @Override
    public String toString() {
        return "RSS " + mebibytes(resident) + ", heap " + mebibytes(heap) + ", direct " + mebibytes(direct);
    }

    private static String mebibytes(long bytes) {
        return "%.1f MiB".formatted(bytes / 1048576.0);
    }
}
