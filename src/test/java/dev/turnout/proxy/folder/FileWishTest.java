package dev.turnout.proxy.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What a request says of the file that it asks for")
final class FileWishTest {

    private static FileWish wish(String acceptEncoding) {
        return new FileWish("/app.js", false, "", false, "", "", "", "", "", "", acceptEncoding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, br | true",
                "gzip,br;q=0.5 | true",
                "br ; q=1 ; x=y | true",
                "br;q=0 | false",
                "br ; q = 0.000 | false",
                "br;q=0.001 | true",
                "gzip | false",
                "* | false",
            })
    @DisplayName("A coding is taken if it is named, and not with a quality of 0")
    void coding(String acceptEncoding, boolean isTaken) {
        assertThat(wish(acceptEncoding).accepts("br")).isEqualTo(isTaken);
    }

    @Test
    @DisplayName("A field full of blanks costs no more than its length")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void blanks() {
        assertThat(wish("a" + " ".repeat(2_000_000) + "a").accepts("br")).isFalse();
    }
}
