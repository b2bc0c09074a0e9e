package dev.otherix.backup.cli;

import tools.jackson.databind.JsonNode;

/**
 * An error in an answer of the service: {@code {"error":{"code","message","details"}}}.
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
     * The same as a failure of the command, with what to do. @param undone what was not done, for the beginning of the
     * message
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
            case "etcd_failed" -> "Check that etcd runs and answers at the service's etcd.client_url, then try again.";
            case "offsite_failed" ->
                "The service tries again by itself. Fix what the message names, then: " + Program.NAME
                        + " status shows whether it was copied.";
            case "no_quorum" ->
                "Bring the other members back and try again. If what the local member has is enough for what you "
                        + "plan, ask with --local.";
            case "directory_failed" ->
                "Make room in the service's workers.backup.dir, or correct its mode or mount, then try again.";
            case "verification_failed" ->
                "Do not go on: etcd's data may be damaged. Check the service's log and the member.";
            case "request_timeout" ->
                "The run continues" + task(url) + ". Try again with a longer --timeout, at most 1h.";
            case "shutting_down" -> "Try again when the service is running.";
            case "rate_limited" -> "Too many requests already wait: try again when the current run has ended.";
            case "not_found" ->
                message.contains("api.listen")
                        ? "Give the service's api.listen as --api.listen=HOST:PORT: " + url
                                + " is its monitoring.listen."
                        : "Check which names " + Program.NAME + " list shows, and whether " + url
                                + " is the service's api.listen: give that as --api.listen=HOST:PORT, not "
                                + "monitoring.listen.";
            default ->
                status == 409
                        ? message.contains("offsite")
                                ? "Set offsite.s3.bucket or offsite.filesystem.path in the service's configuration and"
                                        + " restart it."
                                : "Set workers.backup.dir in the service's configuration and restart it."
                        : "Check the service's log.";
        };
    }

    private String task(String url) {
        var id = details.path("task_id").asString("");
        return id.isEmpty() ? "" : ": GET " + url + "/v1/tasks/" + id + " shows how it ends";
    }
}
