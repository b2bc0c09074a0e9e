package dev.otherix.backup.cli;

import dev.otherix.backup.access.TokenFile;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to the running service over its HTTP API. Every way in which that can go wrong is a {@link CommandFailure}. */
final class ServiceClient implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    // so that the service's own word, which knows more, comes before this client gives up
    private static final Duration ABOVE_WAIT = Duration.ofSeconds(30);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http;
    private final String url;
    private final String token;

    /** @throws CommandFailure if there is no token to present, or the service's certificate cannot be read */
    ServiceClient(Service service) {
        this.url = service.url();
        this.token = token(service);
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .proxy(HttpClient.Builder.NO_PROXY);
        this.http = service.tls().on() ? client.sslContext(ServiceTls.of(service.tls())).build() : client.build();
    }

    private static String token(Service service) {
        try {
            return TokenFile.read(service.tokenFile());
        } catch (InvalidSetting unusable) {
            throw new CommandFailure("no token to present: " + unusable.getMessage(),
                    "Run this as the service's user, or as root; or put a token of scope operate into a file of your own, mode 600, and"
                            + " give it as --api.token_file=FILE.", ExitCode.USAGE, unusable);
        }
    }

    /** Asks for a snapshot and waits until it is there. */
    SnapshotName snapshot(SnapshotOrder order, Duration wait) {
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/snapshots?wait=" + GoDuration.format(wait)))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token)
                .timeout(wait.plus(ABOVE_WAIT))
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(order.body())))
                .build();
        HttpResponse<String> response = send(request);
        JsonNode body = read(response);
        if (response.statusCode() == 201) {
            return SnapshotName.parse(body.path("name").asString("")).orElseThrow(() -> notTheService(response));
        }
        if (!body.path("error").path("code").isString()) {
            throw notTheService(response);
        }
        throw ServiceError.of(response.statusCode(), body.path("error")).failure(url);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException absent) {
            throw new CommandFailure("nothing answers at " + url + ": is the service running?",
                    "Start it, or look at its log. If it listens elsewhere, give its --config FILE or --api.listen=HOST:PORT.",
                    absent);
        } catch (HttpTimeoutException late) {
            throw new CommandFailure("no answer from " + url + " in time; whether the snapshot is there is not known",
                    "Look at GET " + url + "/v1/snapshots and at the service's log, then ask again.", late);
        } catch (SSLException refused) {
            throw new CommandFailure("no TLS connection to " + url + ": " + refused.getMessage(),
                    "Give the configuration that the service runs with. A certificate that was replaced just now is served within a minute."
                            + " Where the service asks callers for a certificate (api.tls.client_ca_file), its own has to be signed by such"
                            + " a CA too; else ask by curl with --cert and --key.", refused);
        } catch (IOException broken) {
            throw new CommandFailure("the connection to " + url + " broke before the answer came: " + broken.getMessage(),
                    "See whether the service still runs, and what its log says; then ask again.", broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("stopped while waiting for " + url, "Ask again.", stopped);
        }
    }

    private JsonNode read(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (JacksonException notJson) {
            throw notTheService(response);
        }
    }

    private CommandFailure notTheService(HttpResponse<String> response) {
        return new CommandFailure("what answers at " + url + " is not this service, or not one of this version (status "
                + response.statusCode() + ")", "See what listens there, and what the service's api.listen is.", null);
    }

    @Override
    public void close() {
        http.close();
    }
}
