package dev.turnout.image;

import io.quarkus.runtime.configuration.QuarkusConfigFactory;
import java.lang.reflect.Field;
import org.graalvm.nativeimage.hosted.Feature;

/**
 * Keeps the configuration that holds while an executable is built out of the executable: environment and folders of the
 * builder's machine are nobody's business, and would be different in each build. A start makes a configuration of its
 * own. The builder of the executable makes this object; it is never part of the program.
 */
public final class BuilderConfig implements Feature {

    /** @throws IllegalStateException if this Quarkus keeps the configuration somewhere else */
    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        access.registerFieldValueTransformer(field(), (receiver, ofBuilder) -> null);
    }

    private static Field field() {
        try {
            return QuarkusConfigFactory.class.getDeclaredField("config");
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("where does Quarkus keep its configuration?", e);
        }
    }
}
