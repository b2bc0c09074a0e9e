package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far back a snapshot reaches: its file holds each change since the store was compacted, not only a state.
 *
 * @param fromRevision the first revision whose state the file holds; the last one is the snapshot's own
 * @param fromTime when the store had that revision; null if the marks do not reach back to it
 * @param marks those from that revision to the snapshot's own
 */
public record History(long fromRevision, @Nullable Instant fromTime, Marks marks) {

    private static final long FIRST_REVISION = 1;

    public History {
        Objects.requireNonNull(marks, "marks");
    }

    /**
     * The history of a snapshot that was cut out of a later one.
     *
     * @param last the revision of the cut
     */
    public static History cut(History later, long last) {
        return new History(later.fromRevision(), later.fromTime(), later.marks().between(later.fromRevision(), last));
    }

    /**
     * The history in a file; null if its content is not known.
     *
     * @param known marks of the same history, also older and newer ones
     * @param began when the member began to send the file
     */
    public static @Nullable History of(Content content, Marks known, Instant began) {
        if (content.revision() == null || content.compactRevision() == null) {
            return null;
        }
        long last = content.revision();
        var from = Math.max(FIRST_REVISION, content.compactRevision());
        var marks = known.between(FIRST_REVISION, last).and(Marks.of(List.of(new Mark(began, last))));
        return new History(from, marks.reached(from).map(Mark::time).orElse(null), marks.between(from, last));
    }
}
