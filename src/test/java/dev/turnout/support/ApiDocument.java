package dev.turnout.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * The OpenAPI document of the admin API, which real answers are held against. An object of an answer has no member that
 * the document does not name, although the document lets clients expect further members. Any thread.
 */
public final class ApiDocument {

    /** The file that the program serves. */
    public static final Path FILE = Path.of("src/main/resources/META-INF/openapi.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMAS = "#/components/schemas/";

    private final JsonNode root;
    private final JsonNode closedComponents;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    private ApiDocument(JsonNode root) {
        this.root = root;
        this.closedComponents = closed(root.get("components").deepCopy());
    }

    /** One operation of the document. */
    public record Operation(String method, String path, JsonNode node) {

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final class Source {
        static final ApiDocument OF_SOURCES = read();

        static ApiDocument read() {
            try {
                return new ApiDocument(new ObjectMapper(new YAMLFactory()).readTree(FILE.toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the document of the sources. */
    public static ApiDocument ofSources() {
        return Source.OF_SOURCES;
    }

    /** Returns the whole document. */
    public JsonNode root() {
        return root;
    }

    /** Returns all operations. */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : root.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operations.add(new Operation(
                        operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()));
            }
        }
        return operations;
    }

    /** Returns the operation that a call asks for. */
    public Optional<Operation> operation(String method, String path) {
        return operations().stream()
                .filter(operation -> operation.method().equals(method)
                        && path.matches(operation.path().replaceAll("\\{\\w+}", "[^/]+")))
                .findFirst();
    }

    /** Returns an object of the document, and follows its reference if it is one. */
    public JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** Returns the parameters of an operation, with their references followed. */
    public List<JsonNode> parameters(Operation operation) {
        return StreamSupport.stream(operation.node().path("parameters").spliterator(), false)
                .map(this::resolved)
                .toList();
    }

    /** Fails unless the document describes an answer. A problem that no operation answers has to be as described too. */
    public void check(String method, String pathAndQuery, int status, String contentType, String body) {
        String path = pathAndQuery.replaceFirst("[?#].*", "");
        List<String> faults = operation(method, path)
                .map(operation -> faults(operation, status, contentType, body))
                .orElseGet(() -> contentType.equals("application/problem+json") ? problemFaults(body) : List.of());
        if (!faults.isEmpty()) {
            throw new AssertionError(FILE + " does not describe what " + method + " " + pathAndQuery + " answers: "
                    + faults + "\n" + status + " " + contentType + "\n" + body);
        }
    }

    /** Fails unless a text is the data that the document describes for an event. */
    public void checkEvent(String kind, String data) {
        JsonNode schema = root.at("/components/schemas/EventData/properties").get(kind);
        List<String> faults = schema == null
                ? List.of("there is no such kind of event")
                : faults(
                        "{\"$ref\":\"" + SCHEMAS + "EventData\"}",
                        JSON.createObjectNode().set(kind, json(data)));
        if (!faults.isEmpty()) {
            throw new AssertionError(FILE + " does not describe the event '" + kind + "': " + faults + "\n" + data);
        }
    }

    private List<String> faults(Operation operation, int status, String contentType, String body) {
        JsonNode responses = operation.node().get("responses");
        JsonNode response = responses.has(String.valueOf(status))
                ? resolved(responses.get(String.valueOf(status)))
                : resolved(responses.path("default"));
        String type = contentType.split(";", 2)[0].strip();
        JsonNode media = response.path("content").get(type);
        if (media == null) {
            return List.of("no content of type '" + type + "' with status " + status);
        }
        if (!type.endsWith("json")) {
            return faults(media.get("schema").toString(), JSON.getNodeFactory().textNode(body));
        }
        List<String> faults = new ArrayList<>(faults(media.get("schema").toString(), json(body)));
        if (type.equals("application/problem+json")) {
            String word = json(body).path("type").asText().replaceFirst(".*:", "");
            if (!response.get("description").asText().contains("`" + word + "`")) {
                faults.add("the description of status " + status + " does not name `" + word + "`");
            }
        }
        return faults;
    }

    private List<String> problemFaults(String body) {
        return faults("{\"$ref\":\"" + SCHEMAS + "Problem\"}", json(body));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private List<String> faults(String schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::schema).validate(withoutShortened(value)).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private JsonSchema schema(String text) {
        ObjectNode node = (ObjectNode) json(text);
        node.set("components", closedComponents);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(
                        node,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    /** Forbids each object members that its schema does not name. */
    private static JsonNode closed(JsonNode node) {
        if (node.has("properties") && !node.has("additionalProperties")) {
            ((ObjectNode) node).put("additionalProperties", false);
        }
        node.forEach(ApiDocument::closed);
        return node;
    }

    /** Drops what was shortened: members are missing there, as the document says. */
    private static JsonNode withoutShortened(JsonNode value) {
        JsonNode copy = value.deepCopy();
        drop(copy);
        return copy;
    }

    private static void drop(JsonNode node) {
        Iterator<JsonNode> elements = node instanceof ArrayNode || node instanceof ObjectNode
                ? node.elements()
                : List.<JsonNode>of().iterator();
        while (elements.hasNext()) {
            JsonNode element = elements.next();
            if (element.path("shortened").asBoolean()) {
                elements.remove();
            } else {
                drop(element);
            }
        }
    }
}
