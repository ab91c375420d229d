package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AssetBridgeTest {

    private static final AssetBridge ASSETS = new AssetBridge(List.of("/assets", "/a/b"), 1, 0);

    @ParameterizedTest
    @CsvSource({
        "/assets/app.js, true",
        "/assets/, true",
        "/assets/x?y=/z, true",
        "/a/b/c/d, true",
        "/assets/a%20b.js?x=../y, true",
        "/assets/../x, false",
        "/assets/%2E./x, false",
        "/assets/..%2fx, false",
        "/assets/\\x, false",
        "/assets, false",
        "/assets?x=/, false",
        "/assetsx/app.js, false",
        "/x?y=/assets/app.js, false",
        "/a/bc/d, false",
        "/, false",
        "*, false"
    })
    void covers_what_is_below_its_paths_in_whole_segments(String target, boolean isCovered) {
        assertThat(ASSETS.covers(target)).isEqualTo(isCovered);
    }

    @ParameterizedTest
    @CsvSource({"/x, true", "/x?y, true", "/, true", "*, false"})
    void covers_all_paths_below_the_root(String target, boolean isCovered) {
        assertThat(new AssetBridge(List.of("/"), 1, 0).covers(target)).isEqualTo(isCovered);
    }
}
