package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The state of the service for a person: one sentence, then the facts, in 80 columns. */
final class StatusText {

    private static final int WIDTH = 80;
    private static final long KIB = 1024;

    private final PrintWriter out;
    private final Instant now;

    StatusText(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    void print(ServiceState state) {
        wrapped("", sentence(state));
        out.println();
        var status = state.status();
        fact("newest", newest(status.path("last_success")));
        fact("next run", next(status));
        fact("restorable", restorable(status.path("restorable")));
        if (status.path("running").isString()) {
            fact("running", "a snapshot is being taken");
        }
        for (var copies : status.path("offsite")) {
            fact("copies", copies(copies));
        }
        if (status.path("drill").isObject()) {
            fact("drill", new DrillState(status.path("drill"), now).text());
        }
        fact("space", space(status.path("directory")));
        fact("etcd", etcd(status.path("etcd")));
        fact("directory", text(status.path("dir"), "not set"));
    }

    private static String sentence(ServiceState state) {
        var begin = switch (state.health()) {
            case "UP" -> "Backups run";
            case "UNKNOWN" -> "Whether backups run is not known";
            default -> "BACKUPS NEED ATTENTION";
        };
        return begin + " (" + state.health() + ")" + (state.reason().isEmpty() ? "." : ": " + state.reason() + ".");
    }

    private String newest(JsonNode snapshot) {
        return snapshot.path("name").isString()
                ? snapshot.path("name").asString() + ", " + age(snapshot.path("created_at")) + " old"
                : "no good snapshot";
    }

    private String next(JsonNode status) {
        if (!status.path("enabled").asBoolean(false)) {
            return "none: workers.backup.enabled is false";
        }
        var due = status.path("next_due_at").isString() ? when(at(status.path("next_due_at"))) : "not known";
        var retry = status.path("next_attempt_at").isString()
                ? ", tried again " + when(at(status.path("next_attempt_at")))
                : "";
        return due + (status.path("overdue").asBoolean(false) ? ", overdue" : "") + retry;
    }

    private String restorable(JsonNode restorable) {
        if (!restorable.path("since").isString()) {
            return "not known";
        }
        var holes = restorable.path("holes").size();
        return "every moment of " + at(restorable.path("since")).truncatedTo(ChronoUnit.SECONDS) + " to "
                + at(restorable.path("until")).truncatedTo(ChronoUnit.SECONDS)
                + (holes == 0 ? "" : "; before that with " + holes + (holes == 1 ? " hole" : " holes"));
    }

    private String copies(JsonNode target) {
        var newest = target.path("last_success_at");
        var pending = target.path("pending").asInt(0);
        var error = target.path("error");
        return text(target.path("target"), "?") + ": "
                + (newest.isString() ? "the newest is of a snapshot " + age(newest) + " old" : "none yet")
                + (pending == 0 ? "" : ", " + pending + (pending == 1 ? " snapshot waits" : " snapshots wait"))
                + (error.isString() ? "; the last try failed: " + error.asString() : "");
    }

    private String age(JsonNode time) {
        return Age.of(Duration.between(at(time), now));
    }

    private String when(Instant time) {
        var left = Duration.between(now, time);
        return (left.isNegative() ? Age.of(left.negated()) + " ago" : "in " + Age.of(left)) + " ("
                + time.truncatedTo(ChronoUnit.SECONDS) + ")";
    }

    private static String space(JsonNode directory) {
        var free = directory.path("free_bytes");
        var needed = directory.path("required_bytes");
        return (free.isNumber() ? size(free.asLong()) + " free" : "not known")
                + (needed.isNumber() ? ", " + size(needed.asLong()) + " needed for the next run" : "")
                + (directory.path("writable").asBoolean(false) ? "" : "; the directory is not writable");
    }

    private static String etcd(JsonNode etcd) {
        return etcd.path("reachable").asBoolean(false)
                ? text(etcd.path("version"), "?") + ", " + text(etcd.path("role"), "role not known")
                : "does not answer";
    }

    private static String text(JsonNode value, String absent) {
        return value.isString() ? value.asString() : absent;
    }

    private static Instant at(JsonNode time) {
        return Instant.parse(time.asString());
    }

    private static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= KIB && unit < 4) {
            value /= KIB;
            unit++;
        }
        return String.format(
                Locale.ROOT,
                unit == 0 ? "%.0f %s" : "%.1f %s",
                value,
                new String[] {"B", "KiB", "MiB", "GiB", "TiB"}[unit]);
    }

    private void fact(String name, String value) {
        wrapped(String.format(Locale.ROOT, "%-10s ", name), value);
    }

    /** Later lines are aligned with the text, not with its {@code head}; a word longer than a line is broken. */
    private void wrapped(String head, String text) {
        var line = new StringBuilder(head);
        for (var word : words(OutputFormat.printable(text), WIDTH - head.length())) {
            var first = line.length() == head.length();
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line.setLength(0);
                line.repeat(' ', head.length()).append(word);
            } else {
                line.append(first ? "" : " ").append(word);
            }
        }
        out.println(line);
    }

    private static List<String> words(String text, int width) {
        var words = new ArrayList<String>();
        for (var word : text.split(" ")) {
            var begin = 0;
            while (word.length() - begin > width) {
                var end = begin + width;
                end -= Character.isHighSurrogate(word.charAt(end - 1)) ? 1 : 0;
                words.add(word.substring(begin, end));
                begin = end;
            }
            words.add(word.substring(begin));
        }
        return words;
    }
}
