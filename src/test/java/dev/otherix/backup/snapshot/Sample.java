package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A snapshot for tests: scheduled, verified and linearizable unless told otherwise. */
record Sample(
        SnapshotName name,
        long size,
        Trigger trigger,
        Consistency consistency,
        Verification.State state,
        SnapshotName lineage,
        @Nullable String clusterId,
        boolean pinned,
        List<KeptBecause> keptBecause,
        @Nullable Long revision,
        @Nullable Long liveKeys) {

    static final String CLUSTER = "cdf818194e3a8c32";

    static Sample of(SnapshotName name) {
        return new Sample(
                name,
                64,
                Trigger.SCHEDULE,
                Consistency.LINEARIZABLE,
                Verification.State.VERIFIED,
                Sample.minute(0),
                CLUSTER,
                false,
                List.of(),
                null,
                null);
    }

    /** The sample whose name is {@code minute} minutes past midnight of a fixed day. */
    static Sample at(int minute) {
        return of(minute(minute));
    }

    static SnapshotName minute(int minute) {
        return new SnapshotName(Instant.parse("2026-06-06T00:00:00Z").plusSeconds(60L * minute));
    }

    static SnapshotName name(String stamp) {
        return SnapshotName.parse("otherix-" + stamp + ".db").orElseThrow();
    }

    Sample requested() {
        return new Sample(
                name,
                size,
                Trigger.REQUEST,
                consistency,
                state,
                lineage,
                clusterId,
                pinned,
                keptBecause,
                revision,
                liveKeys);
    }

    Sample local() {
        return new Sample(
                name,
                size,
                trigger,
                Consistency.LOCAL,
                state,
                lineage,
                clusterId,
                pinned,
                keptBecause,
                revision,
                liveKeys);
    }

    Sample unverified() {
        return new Sample(
                name,
                size,
                trigger,
                consistency,
                Verification.State.UNVERIFIED,
                lineage,
                clusterId,
                pinned,
                keptBecause,
                revision,
                liveKeys);
    }

    Sample pin() {
        return new Sample(
                name, size, trigger, consistency, state, lineage, clusterId, true, keptBecause, revision, liveKeys);
    }

    Sample ofLineage(int minute) {
        return new Sample(
                name,
                size,
                trigger,
                consistency,
                state,
                minute(minute),
                clusterId,
                pinned,
                keptBecause,
                revision,
                liveKeys);
    }

    Sample ofCluster(@Nullable String id) {
        return new Sample(
                name, size, trigger, consistency, state, lineage, id, pinned, keptBecause, revision, liveKeys);
    }

    Sample sized(long bytes) {
        return new Sample(
                name, bytes, trigger, consistency, state, lineage, clusterId, pinned, keptBecause, revision, liveKeys);
    }

    Sample held(KeptBecause... reasons) {
        return new Sample(
                name,
                size,
                trigger,
                consistency,
                state,
                lineage,
                clusterId,
                pinned,
                List.of(reasons),
                revision,
                liveKeys);
    }

    Sample revision(long revision) {
        return new Sample(
                name, size, trigger, consistency, state, lineage, clusterId, pinned, keptBecause, revision, liveKeys);
    }

    Sample keys(long liveKeys) {
        return new Sample(
                name, size, trigger, consistency, state, lineage, clusterId, pinned, keptBecause, revision, liveKeys);
    }

    Snapshot snapshot() {
        var etcd = clusterId == null
                ? null
                : new MemberFacts(
                        "3.6.14",
                        clusterId,
                        "8e9e05c52164694d",
                        MemberFacts.Role.LEADER,
                        consistency,
                        consistency == Consistency.LOCAL ? Consistency.Reason.NO_QUORUM : null,
                        List.of(),
                        List.of());
        return new Snapshot(
                name,
                name.second(),
                new StoredFile(size, "00"),
                new Content(revision, null, liveKeys, null, null),
                new Origin(etcd, trigger, List.of(), null),
                new Keeping(lineage, pinned, keptBecause),
                new Checked(null, new Verification(state, name.second(), List.of())),
                List.of());
    }

    /** Makes it through {@code directory}, as a run does. */
    Snapshot commitTo(SnapshotDirectory directory) {
        try (var pending = directory.begin(name)) {
            pending.write(ByteBuffer.allocate(Math.toIntExact(size)));
            return pending.commit(snapshot());
        }
    }

    /** Puts the file there as somebody else would, without a record. */
    Path putFile(Path directory) throws IOException {
        return Files.write(directory.resolve(name.toString()), new byte[Math.toIntExact(size)]);
    }

    /** Puts the record there as it would be written. */
    Path putRecord(Path directory) throws IOException {
        return Files.write(directory.resolve(name.recordFile()), RecordFormat.write(snapshot()));
    }

    /** The names in {@code directory}, the lock file left out. */
    static TreeSet<String> files(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            var names = new TreeSet<>(
                    entries.map(entry -> entry.getFileName().toString()).toList());
            names.remove(DirectoryLock.FILE);
            return names;
        }
    }
}
