import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;

/** Writes the OpenAPI document in JSON, which the program serves beside the YAML: OpenApiJson.java FROM.yaml TO.json. */
final class OpenApiJson {

    private OpenApiJson() {}

    public static void main(String[] files) throws IOException {
        JsonNode document = new ObjectMapper(new YAMLFactory()).readTree(new File(files[0]));
        new ObjectMapper().writeValue(new File(files[1]), document);
    }
}
