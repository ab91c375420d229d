package dev.turnout.admin;

import dev.turnout.support.ApiDocument;
import dev.turnout.support.Backend;
import dev.turnout.support.TestFolder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Two real backends and an empty state folder for a Turnout in this JVM, all ports of the system's choice. */
public final class Backends implements QuarkusTestResourceLifecycleManager {

    private Backend blue;
    private Backend green;
    private TestFolder folder;

    @Override
    public Map<String, String> start() {
        blue = Backend.start();
        green = Backend.start();
        Map<String, String> settings = new HashMap<>(Map.of(
                "turnout.listen.host", "127.0.0.1",
                "turnout.listen.port", "0",
                "turnout.blue", blue.address(),
                "turnout.green", green.address(),
                "turnout.health.path", Backend.PROBE_PATH,
                "turnout.health.interval", "20ms",
                "turnout.health.deadline", "8s",
                "turnout.drain.timeout", "5s",
                "turnout.admin.port", "0"));
        folder = TestFolder.create("turnout-admin-test");
        settings.put("turnout.state.directory", folder.path().toString());
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(blue, field -> field.getName().equals("blue"));
        injector.injectIntoFields(green, field -> field.getName().equals("green"));
    }

    @Override
    public void stop() {
        blue.close();
        green.close();
        folder.close();
    }

    /** Calls that get JSON where plain curl gets text. */
    static RequestSpecification asksForJson() {
        return new RequestSpecBuilder()
                .setAccept("application/json, */*;q=0.1")
                .addFilter(Backends::described)
                .build();
    }

    /** Passes an answer on, if the API's document describes the answer. */
    static Response described(
            FilterableRequestSpecification request, FilterableResponseSpecification response, FilterContext context) {
        Response answer = context.next(request, response);
        ApiDocument.ofSources()
                .check(
                        request.getMethod(),
                        URI.create(request.getURI()).getRawPath(),
                        answer.statusCode(),
                        answer.contentType(),
                        answer.asString());
        return answer;
    }

    /** What a setting is in the running Turnout. */
    static String setting(String key) {
        return ConfigProvider.getConfig().getValue(key, String.class);
    }
}
