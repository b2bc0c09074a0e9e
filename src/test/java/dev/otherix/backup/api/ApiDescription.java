package dev.otherix.backup.api;

import dev.otherix.backup.access.Scope;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * What the OpenAPI document says besides what springdoc reads off the controllers: which answers each operation has and
 * what they mean. An operation that is not described here, or is no more, fails.
 */
final class ApiDescription implements OpenApiCustomizer {

    private static final String JSON = "application/json";
    private static final String TOKEN = "token";
    private static final String FILE = "application/octet-stream";

    private static final Map<Integer, String> ERRORS = Map.ofEntries(
            Map.entry(400, "`validation_failed`: a parameter or the body is wrong; the message names it"),
            Map.entry(
                    401,
                    "`unauthenticated`: no token, or one that is not known or has expired; WWW-Authenticate says which"),
            Map.entry(403, "`permission_denied`: the token's scope is not enough"),
            Map.entry(404, "`not_found`: no such snapshot, task or path"),
            Map.entry(406, "`validation_failed`: Accept has no media type that this operation can answer with"),
            Map.entry(409, "`conflict`: `workers.backup.dir` is not set"),
            Map.entry(412, "`validation_failed`: the ETag does not match If-Match"),
            Map.entry(408, "`validation_failed`: the body took longer than 10 s to arrive"),
            Map.entry(413, "`validation_failed`: the body is larger than 64 KiB"),
            Map.entry(415, "`validation_failed`: the body is not announced as application/json"),
            Map.entry(416, "`validation_failed`: the file has no byte of the range"),
            Map.entry(429, "`rate_limited`: 1000 requests already wait for the next run, or 16 downloads are running"),
            Map.entry(500, "`internal`: an unexpected error; find it in the log by its X-Request-ID"),
            Map.entry(502, "`etcd_failed`: the member was unreachable, stalled, or broke the stream; nothing was kept"),
            Map.entry(
                    503,
                    "`no_quorum`: the member could not confirm that it has all acknowledged writes; `details.name` "
                            + "is the local"
                            + " snapshot that was kept. `request_timeout`: no snapshot within `wait`; the run "
                            + "continues as the task `details.task_id`."
                            + " `shutting_down`: the service is stopping"),
            Map.entry(
                    507, "`directory_failed`: the directory is gone, full (`details.missing_bytes`) or not writable"));

    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("target", "`s3` or `filesystem`"),
            Map.entry(
                    "include_last",
                    "`true`: also the newest proven copy and that of a pinned snapshot; by default `false`"),
            Map.entry("name", "The snapshot's name, or `latest`: the newest verified one"),
            Map.entry("id", "The task's id; a restart forgets all tasks"),
            Map.entry("limit", "Maximum number of entries, 1 to 200; default 50"),
            Map.entry("lineage", "The name of the lineage, as `lineage` in a record"),
            Map.entry("cursor", "`meta.next_cursor` of the previous answer; opaque"),
            Map.entry(
                    "wait",
                    "How long to wait for the outcome, as a Go duration: default `10m`, at most `1h`; `0` does not wait"));

    private final Map<String, Described> operations = new LinkedHashMap<>();

    ApiDescription() {
        describe(
                        "POST /v1/snapshots",
                        Scope.OPERATE,
                        "takeSnapshot",
                        "Takes a snapshot of this moment and waits until it is there, durable and verified")
                .answer(201, "The snapshot is there", "Snapshot", "Location")
                .answer(202, "With `wait=0`: the task to follow", "Accepted", "Location")
                .errors(400, 406, 408, 409, 413, 415, 429, 500, 502, 503, 507)
                .says(
                        500,
                        "`verification_failed`: the file was not a good snapshot; `details.findings` shows why. It "
                                + "was kept, but not under a snapshot's name. "
                                + ERRORS.get(500));
        describe("GET /v1/snapshots", Scope.READ, "listSnapshots", "Lists the snapshots, newest first")
                .answer(200, "A part of the list", "PageSnapshot")
                .errors(400, 406, 409, 500, 507);
        describe("GET /v1/snapshots/{name}", Scope.READ, "getSnapshot", "The record of one snapshot")
                .answer(200, "The record", "Snapshot")
                .errors(404, 406, 409, 500, 507);
        describe(
                        "PATCH /v1/snapshots/{name}",
                        Scope.OPERATE,
                        "changeSnapshot",
                        "Pins a snapshot, so that retention never removes it, or unpins it")
                .answer(200, "The record after the change", "Snapshot")
                .errors(400, 404, 406, 408, 409, 413, 415, 500, 507);
        describe(
                        "DELETE /v1/snapshots",
                        Scope.ADMIN,
                        "releaseLineage",
                        "Releases an earlier lineage: removes the snapshots that are kept only because of it")
                .answer(200, "The names of the removed snapshots; may be empty", "PageSnapshotName")
                .errors(400, 406, 409, 500, 507)
                .says(409, "`conflict`: it is the current lineage, or `workers.backup.dir` is not set");
        describe("DELETE /v1/snapshots/{name}", Scope.ADMIN, "deleteSnapshot", "Deletes a snapshot and its record")
                .answer(204, "It was deleted", null)
                .errors(404, 406, 409, 500, 507)
                .says(
                        409,
                        "`resource_in_use`: it is the newest verified one. `conflict`: it is pinned, or "
                                + "`workers.backup.dir` is not set");
        describe(
                        "POST /v1/snapshots/{name}/verify",
                        Scope.OPERATE,
                        "verifySnapshot",
                        "Checks the file of a snapshot again and waits for the outcome")
                .answer(200, "It is good; the record with the result", "Snapshot")
                .answer(202, "With `wait=0`: the task to follow", "Accepted", "Location")
                .errors(400, 404, 406, 409, 500, 503, 507)
                .says(
                        500,
                        "`verification_failed`: the file is not a good snapshot; `details.findings` shows why, "
                                + "`details.finding_count` how many. If it was already bad a minute ago, it was renamed. "
                                + ERRORS.get(500))
                .says(
                        503,
                        "`request_timeout`: the check did not end within `wait`; it continues as the task `details.task_id`."
                                + " `shutting_down`: the service is stopping");
        describe(
                        "POST /v1/snapshots/{name}/drill",
                        Scope.OPERATE,
                        "drillSnapshot",
                        "Tries whether a cluster could come back from a snapshot and waits for the result")
                .answer(200, "It could; the record with the result", "Snapshot")
                .answer(202, "With `wait=0`: the task to follow", "Accepted", "Location")
                .errors(400, 404, 406, 409, 500, 503, 507)
                .says(409, "`conflict`: it is not verified, or `workers.backup.dir` is not set")
                .says(500, "`drill_failed`: it could not be restored, or etcd does not serve what is in it")
                .says(
                        503,
                        "`drill_refused`: a drill is not possible now, or was ended by a run; this says nothing about the"
                                + " snapshot. `request_timeout`: the drill did not end within `wait`; it continues as the"
                                + " task `details.task_id`. `shutting_down`: the service is stopping");
        describe(
                        "POST /v1/snapshots/{name}/copy",
                        Scope.OPERATE,
                        "copySnapshot",
                        "Copies a snapshot to each off-site target and waits until each copy is proven")
                .answer(200, "It is copied; the record with its copies", "Snapshot")
                .answer(202, "With `wait=0`: the task to follow", "Accepted", "Location")
                .errors(400, 404, 406, 409, 500, 502, 503, 507)
                .says(
                        409,
                        "`conflict`: it is not verified, no off-site target is set, or `workers.backup.dir` is not set")
                .says(
                        502,
                        "`offsite_failed`: a target could not be reached, refused, or did not keep what was sent; the"
                                + " service tries again by itself")
                .says(
                        503,
                        "`request_timeout`: it was not copied within `wait`; the copy continues as the task"
                                + " `details.task_id`. `shutting_down`: the service is stopping");
        describe(
                        "DELETE /v1/snapshots/{name}/copies/{target}",
                        Scope.ADMIN,
                        "deleteCopy",
                        "Removes the copy of a snapshot at one off-site target for good, with the files beside it")
                .answer(200, "It is removed; the record with its copies", "Snapshot")
                .errors(400, 404, 406, 409, 500, 502, 503, 507)
                .says(404, "`not_found`: no such snapshot, or it has no copy in this target")
                .says(
                        409,
                        "`resource_in_use`: it is pinned or the newest with a proven copy, and `include_last` is not"
                                + " true; or a lock of the store keeps it, until `details.until` if that is known."
                                + " `conflict`: this target is not set, or `workers.backup.dir` is not set")
                .says(
                        502,
                        "`offsite_failed`: the store could not be reached, refused, or keeps a part; `details.target` is"
                                + " the target")
                .says(
                        503,
                        "`request_timeout`: it took longer than 10 minutes. A removal that has begun continues; one that"
                                + " waited for other work at the target was given up."
                                + " `shutting_down`: the service is stopping");
        describe(
                        "GET /v1/snapshots/{name}/content",
                        Scope.ADMIN,
                        "getContent",
                        "The file of a snapshot. It holds the cluster CA's private key")
                .file(200, "The whole file", "ETag")
                .file(206, "The part that Range names", "ETag", "Content-Range")
                .answer(304, "The ETag matches If-None-Match", null)
                .errors(404, 406, 409, 412, 416, 429, 500, 507)
                .header("Range", "One range of bytes; several ranges, or one that is not valid, mean the whole file")
                .header("If-Range", "Apply Range only if the ETag is still this one")
                .header("If-Match", "Fail if the ETag is a different one")
                .header("If-None-Match", "Answer 304 if the ETag is this one");
        describe(
                        "POST /v1/audit/undo",
                        Scope.OPERATE,
                        "reportUndo",
                        "Puts into the audit log that the caller has undone a transaction of etcd; changes nothing else")
                .answer(204, "The line is on its way into the audit log", null)
                .errors(400, 406, 408, 413, 415, 500);
        describe(
                        "GET /v1/tasks",
                        Scope.READ,
                        "listTasks",
                        "Lists the tasks of this process, newest first; the last 200 are kept")
                .answer(200, "A part of the list", "PageTaskView")
                .errors(400, 406, 500);
        describe("GET /v1/tasks/{id}", Scope.READ, "getTask", "One task and its progress")
                .answer(200, "The task", "TaskView")
                .errors(404, 406, 500);
        describe("GET /v1/status", Scope.READ, "getStatus", "Whether backups run, and what prevents them")
                .answer(200, "The status", "StatusView")
                .errors(406, 500);
        describe("GET /v1/openapi.json", Scope.READ, "getOpenApi", "This document")
                .answer(200, "This document", null);
        describeOpen("GET /healthz", "getHealth", "Reports that the service runs; makes no other call")
                .answer(200, "It runs", "Health");
        describeOpen(
                        "GET /readyz",
                        "getReadiness",
                        "Reports that the service takes requests; `checks` shows etcd, which does not change the answer")
                .answer(200, "It takes requests", "Readiness");
    }

    private Described describe(String operation, Scope scope, String id, String summary) {
        var described = new Described(scope, id, summary).errors(401, 403);
        operations.put(operation, described);
        return described;
    }

    private Described describeOpen(String operation, String id, String summary) {
        var described = new Described(null, id, summary);
        operations.put(operation, described);
        return described;
    }

    @Override
    public void customise(OpenAPI document) {
        document.info(new Info()
                .title("otherix-etcd-backup")
                .version("v1")
                .description("Snapshots of the etcd member beside this"
                        + " service. Every answer carries X-Request-ID; every error has the shape "
                        + "`ErrorEnvelope`."));
        document.servers(null);
        document.getComponents()
                .addSecuritySchemes(
                        TOKEN,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("Each operation names the scope that a token needs: `read`; `operate`, "
                                        + "which includes read; `admin`,"
                                        + " which includes both. An operation without a scope needs no token."));
        document.path("/v1/openapi.json", new PathItem().get(new Operation()));
        new RecordSchemas(document.getComponents()).complete();
        document.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().forEach((method, operation) -> tell(method, path, operation)));
        if (!operations.isEmpty()) {
            throw new AssertionError("described, but there is no such operation: " + operations.keySet());
        }
        var sorted = new TreeMap<>(document.getPaths());
        document.getPaths().clear();
        document.getPaths().putAll(sorted);
    }

    private void tell(HttpMethod method, String path, Operation operation) {
        var described = operations.remove(method + " " + path);
        if (described == null) {
            throw new AssertionError("not described: " + method + " " + path);
        }
        described.tell(operation);
    }

    /** One operation. */
    private static final class Described {

        private final @Nullable Scope scope;
        private final String id;
        private final String summary;
        private final ApiResponses answers = new ApiResponses();
        private final Map<String, String> headers = new LinkedHashMap<>();

        Described(@Nullable Scope scope, String id, String summary) {
            this.scope = scope;
            this.id = id;
            this.summary = summary;
            header(
                    "X-Request-ID",
                    "1 to 128 visible ASCII characters, for the log and the record; generated if missing");
        }

        Described answer(int status, String meaning, @Nullable String schema, String... headersOfAnswer) {
            var content =
                    schema == null ? null : new Content().addMediaType(JSON, new MediaType().schema(reference(schema)));
            return add(status, meaning, content, headersOfAnswer);
        }

        Described file(int status, String meaning, String... headersOfAnswer) {
            var bytes = new Content().addMediaType(FILE, new MediaType().schema(text().format("binary")));
            return add(status, meaning, bytes, headersOfAnswer);
        }

        Described errors(int... statuses) {
            for (var status : statuses) {
                says(status, ERRORS.get(status));
            }
            return this;
        }

        Described says(int status, String meaning) {
            return answer(status, meaning, "ErrorEnvelope");
        }

        Described header(String name, String meaning) {
            headers.put(name, meaning);
            return this;
        }

        private Described add(int status, String meaning, @Nullable Content content, String... headersOfAnswer) {
            var answer = new ApiResponse().description(meaning).content(content);
            Arrays.stream(headersOfAnswer)
                    .forEach(header -> answer.addHeaderObject(header, new Header().schema(text())));
            answers.addApiResponse(String.valueOf(status), answer);
            return this;
        }

        void tell(Operation operation) {
            var sorted = new ApiResponses();
            sorted.putAll(new TreeMap<>(answers));
            operation.operationId(id).summary(summary).responses(sorted).tags(null);
            operation.setSecurity(
                    scope == null ? List.of() : List.of(new SecurityRequirement().addList(TOKEN, scope.word())));
            for (var parameter : operation.getParameters() == null ? List.<Parameter>of() : operation.getParameters()) {
                parameter.description(PARAMETERS.get(parameter.getName()));
                if (parameter.getDescription() == null) {
                    throw new AssertionError("not described: parameter " + parameter.getName() + " of " + id);
                }
            }
            headers.forEach((name, meaning) -> operation.addParametersItem(new Parameter()
                    .in("header")
                    .name(name)
                    .description(meaning)
                    .required(false)
                    .schema(text())));
        }
    }

    private static Schema<?> reference(String schema) {
        return new Schema<>().$ref("#/components/schemas/" + schema);
    }

    private static Schema<?> text() {
        var text = new Schema<String>();
        text.setTypes(Set.of("string"));
        return text;
    }
}
