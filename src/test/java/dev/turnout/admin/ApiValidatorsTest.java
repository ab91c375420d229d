package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.support.ApiDocument;
import dev.turnout.support.ApiTools;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Has two independent validators judge the OpenAPI document. */
@DisplayName("The OpenAPI document")
@RequiresProgram(value = "node", debianPackage = "nodejs")
final class ApiValidatorsTest {

    @TempDir
    Path folder;

    private enum Validator {
        REDOCLY("@redocly/cli", "bin/cli.js") {
            @Override
            List<String> command(String document) {
                return ApiTools.npm(name, file, "lint", "--format=stylish", "--extends=recommended", document);
            }
        },
        SERIOUSME("@seriousme/openapi-schema-validator", "bin/validate-api-cli.js") {
            @Override
            List<String> command(String document) {
                return ApiTools.npm(name, file, document);
            }
        };

        final String name;
        final String file;

        Validator(String name, String file) {
            this.name = name;
            this.file = file;
        }

        abstract List<String> command(String document);

        /** Returns the command that judges a document. Skips the test where the validator is not installed. */
        List<String> commandFor(Path document) {
            return command(document.toAbsolutePath().toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is valid without a warning")
    void the_document_is_valid(Validator validator) throws Exception {
        assertThat(run(validator.commandFor(ApiDocument.FILE))).doesNotContainIgnoringCase("warning");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("would be refused with a parameter that has no schema")
    void a_parameter_without_a_schema_is_refused(Validator validator) throws IOException {
        ObjectNode broken = ApiDocument.ofSources().root().deepCopy();
        ((ObjectNode) broken.at("/components/parameters/Version")).remove("schema");
        Path document = folder.resolve("openapi.json");
        Files.write(document, new ObjectMapper().writeValueAsBytes(broken));

        List<String> command = validator.commandFor(document);
        assertThatThrownBy(() -> run(command)).isInstanceOf(AssertionError.class);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        return ApiTools.run(folder, command);
    }
}
