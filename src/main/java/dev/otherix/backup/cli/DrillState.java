package dev.otherix.backup.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The state of drills for a person: the last result, then the next drill or why there is none. */
record DrillState(JsonNode drill, Instant now) {

    String text() {
        var on = drill.path("enabled").asBoolean(true);
        var last = drill.path("last");
        return joined("; ", last.isObject() ? last(last) : on ? "none yet" : "", on ? next() : "off", skipped(on));
    }

    private String last(JsonNode last) {
        var passed = last.path("outcome").asString("").equals("passed");
        var version = last.path("etcd_version");
        var with = joined(
                " and ",
                drill.path("snapshot").asString(""),
                passed && version.isString() ? "etcd " + version.asString() : "");
        var detail = last.path("detail");
        return (passed ? "passed " : "FAILED ")
                + ago(last.path("finished_at"))
                + (with.isEmpty() ? "" : " with " + with)
                + (detail.isString() ? ": " + detail.asString() : "");
    }

    private String next() {
        var due = drill.path("next_due_at");
        if (isPast(drill.path("missing_after"))) {
            return "MISSING since " + second(drill.path("missing_after"));
        }
        if (isPast(due)) {
            return "due since " + second(due);
        }
        return due.isString() ? "the next in " + Age.of(Duration.between(now, at(due))) + " (" + second(due) + ")" : "";
    }

    private String skipped(boolean on) {
        var skipped = drill.path("skipped");
        return skipped.isObject()
                ? (on ? "skipped " : "one was skipped ") + ago(skipped.path("at")) + ": "
                        + skipped.path("reason").asString("?")
                : "";
    }

    private boolean isPast(JsonNode time) {
        return time.isString() && !at(time).isAfter(now);
    }

    private String ago(JsonNode time) {
        return Age.of(Duration.between(at(time), now)) + " ago";
    }

    private static Instant second(JsonNode time) {
        return at(time).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant at(JsonNode time) {
        return Instant.parse(time.asString());
    }

    private static String joined(String between, String... parts) {
        return Stream.of(parts).filter(Predicate.not(String::isEmpty)).collect(Collectors.joining(between));
    }
}
