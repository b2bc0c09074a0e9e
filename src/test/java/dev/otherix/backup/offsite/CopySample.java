package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the record of a copy says, for tests: verified and linearizable unless told otherwise. */
record CopySample(
        SnapshotName name,
        Instant createdAt,
        Consistency consistency,
        Verification.State state,
        SnapshotName lineage,
        boolean pinned,
        @Nullable Long liveKeys) {

    private static final SnapshotName FIRST = new SnapshotName(Instant.parse("2020-01-01T00:00:00Z"));

    static CopySample at(String time) {
        return at(Instant.parse(time));
    }

    static CopySample at(Instant time) {
        return new CopySample(
                new SnapshotName(time),
                time,
                Consistency.LINEARIZABLE,
                Verification.State.VERIFIED,
                FIRST,
                false,
                null);
    }

    CopySample named(Instant other) {
        return new CopySample(new SnapshotName(other), createdAt, consistency, state, lineage, pinned, liveKeys);
    }

    CopySample local() {
        return new CopySample(name, createdAt, Consistency.LOCAL, state, lineage, pinned, liveKeys);
    }

    CopySample unproven() {
        return new CopySample(name, createdAt, consistency, Verification.State.UNVERIFIED, lineage, pinned, liveKeys);
    }

    CopySample ofLineage(SnapshotName other) {
        return new CopySample(name, createdAt, consistency, state, other, pinned, liveKeys);
    }

    CopySample pin() {
        return new CopySample(name, createdAt, consistency, state, lineage, true, liveKeys);
    }

    CopySample keys(long number) {
        return new CopySample(name, createdAt, consistency, state, lineage, pinned, number);
    }

    Snapshot snapshot() {
        return new Snapshot(
                name,
                createdAt,
                new StoredFile(64, "00"),
                new Content(null, null, liveKeys, null, null),
                new Origin(
                        new MemberFacts(
                                "3.6.14", "cdf818194e3a8c32", Scene.MEMBER, null, consistency, null, List.of(), null),
                        null,
                        List.of(),
                        null),
                new Keeping(lineage, pinned, List.of()),
                new Checked(Scene.CA, new Verification(state, createdAt, List.of())),
                List.of());
    }
}
