package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Marks of one cluster that are in no record yet. */
public record NotedMarks(String clusterId, Marks marks) {

    public NotedMarks {
        Objects.requireNonNull(clusterId, "cluster_id");
        Objects.requireNonNull(marks, "marks");
    }

    /** {@code before} with one mark more; that one alone if it is of another cluster, or of another history. */
    public static NotedMarks after(@Nullable NotedMarks before, String clusterId, Mark newest) {
        var known = before != null && before.clusterId.equals(clusterId) ? before.marks : Marks.NONE;
        return new NotedMarks(clusterId, known.with(newest));
    }

    /** Only those after {@code time}. */
    public NotedMarks since(Instant time) {
        return new NotedMarks(clusterId, marks.after(time));
    }
}
