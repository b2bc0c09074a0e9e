package dev.otherix.backup.audit;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.RunListener;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes one line of JSON for each change or attempted change, each undone transaction, each refusal, each download and
 * each removal by retention, with the caller. Holds no token, no query, and no text of a body.
 */
public final class AuditLog implements RunListener {

    private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final int LONGEST_PATH = 256;

    private final Consumer<String> lines;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();

    public AuditLog(Consumer<String> lines, Clock clock) {
        this.lines = lines;
        this.clock = clock;
    }

    /**
     * A request as it arrived. It is read on arrival: after it has waited without a thread, the request is no longer
     * readable.
     */
    record Call(String method, String path, String from, AuditedRequest audited) {

        static Call of(HttpServletRequest request, AuditedRequest audited) {
            var path = request.getRequestURI();
            return new Call(
                    request.getMethod(),
                    path.substring(0, Math.min(LONGEST_PATH, path.length())),
                    request.getRemoteAddr(),
                    audited);
        }
    }

    /** Logs the end of a request, if it belongs in the audit log. */
    void ended(Call call, HttpServletResponse response) {
        var status = response.getStatus();
        var download = call.audited().download();
        var undone = call.audited().undone();
        if (status == HttpServletResponse.SC_UNAUTHORIZED || status == HttpServletResponse.SC_FORBIDDEN) {
            write(
                    "refused",
                    call,
                    response,
                    Map.of(
                            "outcome",
                            status == HttpServletResponse.SC_FORBIDDEN ? "permission_denied" : "unauthenticated",
                            "reason",
                            String.valueOf(call.audited().refusal())));
        } else if (download != null) {
            write("download", call, response, downloaded(download));
        } else if (undone != null) {
            write("undo", call, response, undone(undone));
        } else if (!CHANGES_NOTHING.contains(call.method())) {
            write("change", call, response, changed(call.audited(), status < 300 ? "done" : "failed"));
        }
    }

    private static Map<String, Object> changed(AuditedRequest audited, String outcome) {
        var removed = audited.removed();
        return removed == null
                ? Map.of("outcome", outcome)
                : Map.of(
                        "outcome",
                        outcome,
                        "snapshots",
                        removed.stream().map(SnapshotName::toString).toList());
    }

    private static Map<String, Object> downloaded(AuditedRequest.Download download) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("outcome", download.completed() ? "completed" : "broken_off");
        facts.put("sha256", download.sha256());
        facts.put("range", download.range());
        facts.put("bytes_sent", download.sent());
        return facts;
    }

    private static Map<String, Object> undone(AuditedRequest.Undone transaction) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("outcome", "done");
        facts.put("undone_revision", transaction.undoneRevision());
        facts.put("revision", transaction.revision());
        facts.put("puts", transaction.puts());
        facts.put("deletes", transaction.deletes());
        return facts;
    }

    private void write(String event, Call call, HttpServletResponse response, Map<String, ?> facts) {
        var by = call.audited().by();
        var line = line(event);
        line.put("by", by == null ? null : by.name());
        line.put("scope", by == null ? null : by.scope());
        line.put("from", call.from());
        line.put("request_id", response.getHeader("X-Request-ID"));
        line.put("method", call.method());
        line.put("path", call.path());
        line.put("snapshot", text(call.audited().about()));
        line.put("status", response.getStatus());
        line.putAll(facts);
        lines.accept(json.writeValueAsString(line));
    }

    @Override
    public void ended(BackupRun run) {
        if (!run.pruned().isEmpty() || run.pruneFailure().isPresent()) {
            pruned(run.trigger().word(), run.pruned(), run.pruneFailure().isPresent());
        }
    }

    @Override
    public void prunedAtStart(Pruned pruned) {
        pruned(null, pruned.removed(), pruned.failure().isPresent());
    }

    private void pruned(@Nullable String trigger, List<SnapshotName> removed, boolean failed) {
        var line = line("prune");
        line.put("by", "retention");
        line.put("trigger", trigger);
        line.put("snapshots", names(removed));
        line.put("outcome", failed ? "failed" : "done");
        lines.accept(json.writeValueAsString(line));
    }

    /** Writes which copies retention removed from an off-site target. */
    public void prunedOffsite(Target target, List<SnapshotName> copies) {
        var line = line("prune");
        line.put("by", "offsite.retention");
        line.put("target", target.word());
        line.put("snapshots", names(copies));
        line.put("outcome", "done");
        lines.accept(json.writeValueAsString(line));
    }

    private static List<String> names(List<SnapshotName> snapshots) {
        return snapshots.stream().map(SnapshotName::toString).toList();
    }

    private Map<String, Object> line(String event) {
        var line = new LinkedHashMap<String, Object>();
        line.put("log", "audit");
        line.put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", event);
        return line;
    }

    private static @Nullable String text(@Nullable SnapshotName name) {
        return name == null ? null : name.toString();
    }
}
