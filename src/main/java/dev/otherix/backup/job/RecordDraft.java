package dev.otherix.backup.job;

import dev.otherix.backup.check.CheckedFile;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.ReadBarrier;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.History;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.Lineage;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a snapshot that is being taken, before its file is checked.
 *
 * @param member the member's report about itself
 */
record RecordDraft(BackupSteps.Purpose purpose, SnapshotName name, Instant createdAt, MemberFacts member) {

    static MemberFacts member(MemberStatus status, ReadBarrier barrier, @Nullable List<MemberFacts.Member> members) {
        var reason = barrier instanceof ReadBarrier.Local(Consistency.Reason why) ? why : null;
        return new MemberFacts(
                status.version(),
                status.clusterId(),
                status.memberId(),
                status.role(),
                reason == null ? Consistency.LINEARIZABLE : Consistency.LOCAL,
                reason,
                status.alarms(),
                members);
    }

    /**
     * The complete record, with the facts from the file.
     *
     * @param heard the marks since the newest record
     * @param began when the member began to send the file
     */
    Snapshot with(CheckedFile checked, List<Snapshot> newestFirst, Marks heard, Instant began) {
        var content = checked.content() == null ? Content.UNREAD : checked.content();
        var lineage = Lineage.of(name, member.clusterId(), content.revision(), newestFirst);
        var known = recorded(newestFirst, lineage).and(heard);
        var requests = purpose.requests().stream().map(RunRequest::recorded).toList();
        boolean pinned = purpose.requests().stream().anyMatch(RunRequest::pinned);
        return new Snapshot(
                name,
                createdAt,
                checked.file(),
                content,
                new Origin(member, purpose.trigger(), requests, History.of(content, known, began)),
                new Keeping(lineage, pinned, List.of()),
                checked.checked(),
                List.of());
    }

    /** The newest record of a lineage has the marks of the earlier ones too, as far as they still matter. */
    private static Marks recorded(List<Snapshot> newestFirst, SnapshotName lineage) {
        return newestFirst.stream()
                .filter(earlier -> earlier.lineage().equals(lineage) && earlier.history() != null)
                .map(earlier -> earlier.history().marks())
                .filter(marks -> !marks.isEmpty())
                .findFirst()
                .orElse(Marks.NONE);
    }
}
