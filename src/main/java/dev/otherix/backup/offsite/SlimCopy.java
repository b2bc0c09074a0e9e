package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes of a snapshot, or of the record of its copy, what the rules ask for, in a few hundred bytes. */
final class SlimCopy {

    private static final int MOST_MEMBERS = 100;

    private final Map<MemberFacts, MemberFacts> members = new HashMap<>();
    private final Map<Verification.State, Checked> checked = new HashMap<>();

    Snapshot of(StoredRecord record) {
        var etcd = record.etcd();
        return new Snapshot(
                record.name(),
                record.createdAt(),
                new StoredFile(0, null),
                new Content(record.facts().revision(), null, record.facts().liveKeys(), null, null),
                new Origin(shared(etcd), null, List.of(), null),
                new Keeping(record.lineage(), record.pinned(), List.of()),
                shared(record.verification().state()),
                List.of());
    }

    Snapshot of(Snapshot snapshot) {
        return new Snapshot(
                snapshot.name(),
                snapshot.createdAt(),
                new StoredFile(0, null),
                new Content(snapshot.revision(), null, snapshot.liveKeys(), null, null),
                new Origin(
                        shared(snapshot.etcd() == null ? null : StoredRecord.Etcd.of(snapshot.etcd())),
                        null,
                        List.of(),
                        null),
                new Keeping(snapshot.lineage(), snapshot.pinned(), List.of()),
                shared(snapshot.verification().state()),
                List.of());
    }

    private @Nullable MemberFacts shared(StoredRecord.@Nullable Etcd etcd) {
        if (etcd == null) {
            return null;
        }
        if (members.size() > MOST_MEMBERS) {
            members.clear();
        }
        return members.computeIfAbsent(
                new MemberFacts(
                        etcd.version(),
                        etcd.clusterId(),
                        etcd.memberId(),
                        null,
                        etcd.consistency(),
                        null,
                        List.of(),
                        null),
                facts -> facts);
    }

    private Checked shared(Verification.State state) {
        return checked.computeIfAbsent(state, known -> new Checked(null, new Verification(known, null, List.of())));
    }
}
