package dev.turnout.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * The metric {@code jvm_buffer_memory_used_bytes{id="direct"}} with all direct memory. Netty counts most of this memory
 * itself, so that the JVM's own figure, here {@code id="direct-jvm"}, does not contain it.
 */
public final class DirectMemoryMetric implements MeterBinder, MeterFilter {

    private static final String NAME = "jvm.buffer.memory.used";
    /** The name before the filter: a registry treats a second meter with the same name and tags as the same meter. */
    private static final String UNFILTERED = "turnout.direct.memory";

    private static final String ID = "id";
    private static final String DIRECT = "direct";
    private static final String DESCRIPTION = "Direct memory that the JVM and Netty have taken";

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(UNFILTERED, DirectMemoryMetric::used)
                .description(DESCRIPTION)
                .baseUnit("bytes")
                .tags(ID, DIRECT)
                .register(registry);
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (id.getName().equals(UNFILTERED)) {
            return id.withName(NAME);
        }
        boolean ofTheJvm =
                id.getName().equals(NAME) && DIRECT.equals(id.getTag(ID)) && !DESCRIPTION.equals(id.getDescription());
        return ofTheJvm ? id.replaceTags(Tags.of(Tag.of(ID, "direct-jvm"))) : id;
    }

    private static double used() {
        long ofTheJvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals(DIRECT))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ofTheJvm + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
