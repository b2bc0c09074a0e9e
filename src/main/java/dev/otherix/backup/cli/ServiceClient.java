package dev.otherix.backup.cli;

import dev.otherix.backup.access.TokenFile;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the running service over its HTTP API. Every failure is a {@link CommandFailure}. */
final class ServiceClient implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    // so that the service's own answer, which has more detail, arrives before this client gives up
    private static final Duration ABOVE_WAIT = Duration.ofSeconds(30);

    private static final Duration LONGEST_REMOVAL = Duration.ofMinutes(10);

    private static final String NOT_KNOWN = "whether backups run is not known";

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http;
    private final String url;
    private final Path tokenFile;
    private final String token;

    /** @throws CommandFailure if there is no token to present, or the service's certificate cannot be read */
    ServiceClient(Service service) {
        this.url = service.url();
        this.tokenFile = service.tokenFile();
        this.token = token(service);
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .proxy(HttpClient.Builder.NO_PROXY);
        this.http = service.tls().on()
                ? client.sslContext(ServiceTls.of(service.tls(), service.tokenFile()))
                        .build()
                : client.build();
    }

    private static String token(Service service) {
        try {
            return TokenFile.read(service.tokenFile());
        } catch (InvalidSetting unusable) {
            throw new CommandFailure(
                    "no token to present: " + unusable.getMessage(),
                    tokenFix(service.tokenFile(), unusable),
                    ExitCode.USAGE,
                    unusable);
        }
    }

    private static String tokenFix(Path file, InvalidSetting unusable) {
        return UnreadableFile.of(file)
                .map(why -> why.missing()
                        ? "The service makes it at its first start. Does it run? systemctl status " + Program.NAME
                                + ". If its token is elsewhere, give --config FILE or --api.token_file=FILE."
                        : "Run the command with sudo; or write a token of scope operate to a file that is yours, "
                                + "mode 600, and give it as"
                                + " --api.token_file=FILE.")
                .orElseGet(unusable::fix);
    }

    /** Asks for the state of backups. */
    ServiceState state() {
        var status =
                ask(request("/v1/status", Duration.ZERO).GET(), 200, NOT_KNOWN).body();
        // its state decides between 200 and 503
        var answer =
                send(request("/actuator/health/backup", Duration.ZERO).GET().build());
        var health = read(answer);
        if (!health.path("status").isString() || !status.path("enabled").isBoolean()) {
            throw notTheService(answer.statusCode());
        }
        return new ServiceState(
                health.path("status").asString(),
                health.path("details").path("reason").asString(""),
                status);
    }

    /**
     * Requests a snapshot and waits until it is done.
     *
     * @param body of the request, with the names of the API
     */
    SnapshotName snapshot(Map<String, Object> body, Duration wait) {
        var request = request("/v1/snapshots?wait=" + GoDuration.format(wait), wait)
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        return nameOf(ask(request, 201, "no snapshot"));
    }

    /** Has a snapshot copied off-site, and waits until the copy is proven at all targets. */
    void copy(SnapshotName name, Duration wait) {
        var request = request("/v1/snapshots/" + name + "/copy?wait=" + GoDuration.format(wait), wait)
                .POST(HttpRequest.BodyPublishers.noBody());
        nameOf(ask(request, 200, "the snapshot " + name + " is there, but it is not copied off-site"));
    }

    /** @throws CommandFailure if the service does not answer */
    void requireRunning() {
        ask(request("/v1/status", Duration.ZERO).GET(), 200, "it cannot be asked");
    }

    /** Has a copy removed off-site, which the service notes. @return why it stays; empty if it is gone */
    Optional<String> removeCopy(SnapshotName name, Target target, boolean includeLast) {
        var path = "/v1/snapshots/" + name + "/copies/" + target.word() + (includeLast ? "?include_last=true" : "");
        var response = send(request(path, LONGEST_REMOVAL).DELETE().build());
        var error = read(response).path("error");
        if (response.statusCode() != 200 && !error.path("code").isString()) {
            throw notTheService(response.statusCode());
        }
        return response.statusCode() == 200
                ? Optional.empty()
                : Optional.of(error.path("message").asString("").replace("?include_last=true", "--include-last"));
    }

    /** Pins or unpins a snapshot, and waits until that is done. */
    SnapshotName pin(String name, boolean pinned) {
        var request = request("/v1/snapshots/" + name, Duration.ZERO)
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString(json.writeValueAsString(Map.of("pinned", pinned))));
        var answer = ask(request, 200, name + (pinned ? " is not pinned" : " is not unpinned"));
        if (!answer.body().path("pinned").asString().equals(String.valueOf(pinned))) {
            throw notTheService(answer.status());
        }
        return nameOf(answer);
    }

    /** Has the service put a transaction that was written into its audit log. */
    void noteUndone(MemberUndo.Done done) {
        var body = new LinkedHashMap<String, Object>();
        body.put("undone_revision", done.transaction().revision());
        body.put("revision", done.revision().isPresent() ? done.revision().getAsLong() : null);
        body.put("puts", done.transaction().puts());
        body.put("deletes", done.transaction().deletes());
        var text = json.writeValueAsString(body);
        try {
            ask(
                    request("/v1/audit/undo", Duration.ZERO).POST(HttpRequest.BodyPublishers.ofString(text)),
                    204,
                    "no line");
        } catch (CommandFailure refused) {
            throw new CommandFailure(
                    String.valueOf(refused.getMessage()),
                    refused.fix() + " To add the line later: curl -fsS " + url + "/v1/audit/undo -H \"Authorization:"
                            + " Bearer $(sudo cat " + tokenFile + ")\" -H 'Content-Type: application/json' -d '" + text
                            + "'.",
                    refused);
        }
    }

    private HttpRequest.Builder request(String path, Duration wait) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token)
                .timeout(wait.plus(ABOVE_WAIT));
    }

    private record Answer(int status, JsonNode body) {}

    /** @param undone what was not done if the service refuses, for the beginning of a message */
    private Answer ask(HttpRequest.Builder request, int expected, String undone) {
        var response = send(request.build());
        var answer = new Answer(response.statusCode(), read(response));
        if (answer.status() == expected) {
            return answer;
        }
        if (!answer.body().path("error").path("code").isString()) {
            throw notTheService(answer.status());
        }
        throw ServiceError.of(answer.status(), answer.body().path("error")).failure(undone, url);
    }

    private SnapshotName nameOf(Answer answer) {
        return SnapshotName.parse(answer.body().path("name").asString(""))
                .orElseThrow(() -> notTheService(answer.status()));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException absent) {
            throw new CommandFailure(
                    "nothing answers at " + url + ": is the service running?",
                    "Start it, or look at its log. If it listens elsewhere, give its --config FILE or "
                            + "--api.listen=HOST:PORT.",
                    absent);
        } catch (HttpTimeoutException late) {
            throw new CommandFailure(
                    "no answer from " + url + " in time; whether it was done is not known",
                    "Look at " + Program.NAME + " list and at the service's log, then try again.",
                    late);
        } catch (SSLException refused) {
            throw new CommandFailure(
                    "no TLS connection to " + url + ": " + refused.getMessage(),
                    "Give the configuration that the service runs with. A new certificate is served within a minute."
                            + " If the service asks callers for a certificate (api.tls.client_ca_file), its own "
                            + "must be signed by that CA too; otherwise use curl with --cert and --key.",
                    refused);
        } catch (IOException broken) {
            throw new CommandFailure(
                    "the connection to " + url + " broke before the answer came: " + broken.getMessage(),
                    "Check whether the service still runs, and its log; then try again.",
                    broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("stopped while waiting for " + url, "Try again.", stopped);
        }
    }

    private JsonNode read(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (JacksonException notJson) {
            throw notTheService(response.statusCode());
        }
    }

    private CommandFailure notTheService(int status) {
        return new CommandFailure(
                "the server at " + url + " is not this service, or not this version of it (status " + status + ")",
                "Check what listens there, and the service's api.listen.",
                null);
    }

    @Override
    public void close() {
        http.close();
    }
}
