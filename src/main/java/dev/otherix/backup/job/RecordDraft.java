package dev.otherix.backup.job;

import dev.otherix.backup.check.CheckedFile;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.ReadBarrier;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.Lineage;
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

    /** The complete record, with the facts from the file. */
    Snapshot with(CheckedFile checked, List<Snapshot> newestFirst) {
        var revision = checked.content() == null ? null : checked.content().revision();
        var requests = purpose.requests().stream().map(RunRequest::recorded).toList();
        boolean pinned = purpose.requests().stream().anyMatch(RunRequest::pinned);
        return new Snapshot(
                name,
                createdAt,
                checked.file(),
                checked.content() == null ? Content.UNREAD : checked.content(),
                new Origin(member, purpose.trigger(), requests),
                new Keeping(Lineage.of(name, member.clusterId(), revision, newestFirst), pinned, List.of()),
                checked.checked());
    }
}
