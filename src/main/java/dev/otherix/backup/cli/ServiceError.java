package dev.otherix.backup.cli;

import tools.jackson.databind.JsonNode;

/**
 * An error as the service answers it: {@code {"error":{"code","message","details"}}}.
 *
 * @param status of the HTTP answer
 */
record ServiceError(int status, String code, String message, JsonNode details) {

    static ServiceError of(int status, JsonNode error) {
        return new ServiceError(
                status,
                error.path("code").asString(""),
                error.path("message").asString("no message"),
                error.path("details"));
    }

    /**
     * The same as a failure of the command, with what to do.
     *
     * @param undone what is not so now, for the beginning of the message
     */
    CommandFailure failure(String undone, String url) {
        return new CommandFailure(
                undone + ": " + code + ": " + message,
                fix(url),
                status == 400 ? ExitCode.USAGE : ExitCode.FAILED,
                null);
    }

    private String fix(String url) {
        return switch (code) {
            case "unauthenticated" ->
                "Give the token that the service knows: see its api.tokens_file, and --api.token_file=FILE here.";
            case "permission_denied" -> "Give a token of scope operate, with --api.token_file=FILE.";
            case "etcd_failed" -> "See that etcd runs and answers at the service's etcd.client_url, then ask again.";
            case "no_quorum" ->
                "Bring the other members back and ask again. "
                        + "If what the local member has is enough for what you plan, ask with --local.";
            case "directory_failed" ->
                "Make room in the service's workers.backup.dir, or correct its mode or mount, then ask again.";
            case "verification_failed" ->
                "Do not go on: etcd's data may be damaged. See the service's log, and check the member.";
            case "request_timeout" ->
                "The run goes on" + task(url) + ". Ask again with a longer --timeout, at most 1h.";
            case "shutting_down" -> "Ask again when the service runs again.";
            case "rate_limited" -> "Too many wait already: ask again when the run under way has ended.";
            case "not_found" ->
                message.contains("api.listen")
                        ? "Give the service's api.listen as --api.listen=HOST:PORT: " + url
                                + " is its monitoring.listen."
                        : "See which names " + Program.NAME + " list shows, and whether " + url
                                + " is the service's api.listen: give that as --api.listen=HOST:PORT, not monitoring.listen.";
            default ->
                status == 409
                        ? "Set workers.backup.dir in the service's configuration and restart it."
                        : "See the service's log.";
        };
    }

    private String task(String url) {
        var id = details.path("task_id").asString("");
        return id.isEmpty() ? "" : ": GET " + url + "/v1/tasks/" + id + " shows how it ends";
    }
}
