package dev.turnout.support;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * What tests of the page need from npm, which {@code .ci/run} installs. A test without it is skipped; with
 * {@code TURNOUT_REQUIRE_ALL=1} in the environment it fails.
 */
public final class PageTools {

    private static final Path AXE = Path.of("target/page-tools/node_modules/axe-core/axe.min.js");

    private PageTools() {}

    /** Returns the script of axe-core, which finds violations of the WCAG. */
    public static Path axe() {
        boolean isInstalled = Files.exists(AXE);
        if (!isInstalled && "1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            throw new AssertionError("not installed: npm's axe-core, at " + AXE);
        }
        Assumptions.assumeTrue(isInstalled, "not installed: npm's axe-core, at " + AXE);
        return AXE;
    }
}
