import client.ApiClient;
import client.ApiException;
import client.api.ChangesApi;
import client.api.StatusApi;
import client.model.HistoryEntry;
import client.model.Problem;
import client.model.Receipt;
import client.model.RefusedEvent;
import client.model.Report;
import client.model.Slot;
import client.model.Status;
import client.model.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program as somebody writes it with the client that openapi-generator makes of the document. */
public final class Client {

    private static ApiClient client(String address, String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(address);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return client;
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient client = client(arguments[0], arguments[1]);
        StatusApi asks = new StatusApi(client);
        ChangesApi changes = new ChangesApi(client);

        HttpRequest.Builder listen = HttpRequest.newBuilder(URI.create(arguments[0] + "/admin/events"));
        client.getRequestInterceptor().accept(listen);
        BufferedReader stream = new BufferedReader(new InputStreamReader(
                client.getHttpClient()
                        .send(listen.build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
        System.out.println("event status " + next(client, stream, "status", Status.class).getActive());

        Status status = asks.getStatus(null);
        System.out.println("status " + status.getActive() + " "
                + status.getSlots().getBlue().getTargets().get(0).getInRotation());

        Receipt receipt =
                changes.switchSlot(null, Slot.GREEN, null, null, null, null, "1.4.2", null, null, null, null, null, null);
        System.out.println("receipt " + receipt.getFrom() + " " + receipt.getTo() + " " + receipt.getVersion() + " "
                + receipt.getChanged() + " " + receipt.getDrain().getDrained());
        Report told = next(client, stream, "switched", Report.class);
        System.out.println(
                "event switched " + told.getTo() + " " + told.getRevision().equals(receipt.getRevision()));

        try {
            changes.switchSlot(null, Slot.BLUE, null, null, null, null, null, null, null, null, null, null, null);
        } catch (ApiException e) {
            Problem problem = problem(client, e);
            System.out.println("refused " + problem.getStatus() + " " + problem.getType() + " "
                    + problem.getServing().getSlot() + " "
                    + problem.getGate().getTargets().get(0).getLast().getStatus());
        }
        System.out.println("event refused "
                + next(client, stream, "refused", RefusedEvent.class).getProblem().getReason());

        List<HistoryEntry> entries = asks.getHistory(null, 10).getEntries();
        System.out.println("history "
                + first(entries, Verdict.SWITCHED).getReceipt().getTo() + " "
                + first(entries, Verdict.REFUSED).getProblem().getReason());

        try {
            changes.drainTarget(receipt.getServing().getTargets().get(0), null, null, null, null, null, null);
        } catch (ApiException e) {
            System.out.println("last target " + problem(client, e).getType());
        }
        try {
            new StatusApi(client(arguments[0], "wrong")).getStatus(null);
        } catch (ApiException e) {
            System.out.println("without the token " + e.getCode() + " " + problem(client, e).getType());
        }
    }

    private static HistoryEntry first(List<HistoryEntry> entries, Verdict verdict) {
        return entries.stream()
                .filter(entry -> entry.getVerdict() == verdict)
                .findFirst()
                .orElseThrow();
    }

    private static Problem problem(ApiClient client, ApiException refused) throws IOException {
        return client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
    }

    /** Returns the data of the next event of a kind. */
    private static <T> T next(ApiClient client, BufferedReader stream, String kind, Class<T> type) throws IOException {
        boolean isKind = false;
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("event: ")) {
                isKind = line.equals("event: " + kind);
            } else if (isKind && line.startsWith("data: ")) {
                return client.getObjectMapper().readValue(line.substring("data: ".length()), type);
            }
        }
        throw new IOException("the stream has ended before '" + kind + "'");
    }
}
