package dev.otherix.backup.offsite;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.History;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.RecordFormat;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The record in a store, which makes the object beside it a copy. It is clear text, so it has only what helps to find
 * and to check a copy: no names of members, no addresses, no reasons of requests, no details of checks.
 *
 * @param sizeBytes of the snapshot's file
 * @param sha256 of the snapshot's file, lower-case hex
 * @param etcd null for a file that this service did not take
 */
public record StoredRecord(
        SnapshotName name,
        Instant createdAt,
        long sizeBytes,
        String sha256,
        @JsonUnwrapped Facts facts,
        @Nullable Etcd etcd,
        SnapshotName lineage,
        boolean pinned,
        @Nullable History history,
        @Nullable String caFingerprint,
        Verified verification,
        StoredBytes object) {

    public StoredRecord {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(createdAt, "created_at");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(lineage, "lineage");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(object, "object");
    }

    /** The record of a snapshot whose object lies there. */
    public static StoredRecord of(Snapshot snapshot, StoredBytes object) {
        var content = snapshot.content();
        return new StoredRecord(
                snapshot.name(),
                snapshot.createdAt(),
                snapshot.sizeBytes(),
                Objects.requireNonNull(snapshot.sha256(), "a verified snapshot has its sha256"),
                new Facts(content.revision(), content.compactRevision(), content.liveKeys(), content.hashKv()),
                Optional.ofNullable(snapshot.etcd()).map(Etcd::of).orElse(null),
                snapshot.lineage(),
                snapshot.pinned(),
                snapshot.history(),
                snapshot.checked().caFingerprint(),
                Verified.of(snapshot.verification()),
                object);
    }

    /** The bytes to store. */
    public byte[] json() {
        return RecordFormat.JSON.writeValueAsBytes(this);
    }

    /** The record in {@code bytes}; empty if they are none, because a store may send anything. */
    public static Optional<StoredRecord> read(byte[] bytes) {
        try {
            return Optional.ofNullable(RecordFormat.JSON.readValue(bytes, StoredRecord.class));
        } catch (JacksonException | NullPointerException notARecord) {
            return Optional.empty();
        }
    }

    /** What the file holds. */
    record Facts(
            @Nullable Long revision,
            @Nullable Long compactRevision,
            @Nullable Long liveKeys,
            @Nullable Long hashKv) {}

    /** The member that it was taken from. Ids in lower-case hex. */
    record Etcd(String version, String clusterId, String memberId, Consistency consistency) {

        static Etcd of(MemberFacts facts) {
            return new Etcd(facts.version(), facts.clusterId(), facts.memberId(), facts.consistency());
        }
    }

    /** How its checks ended. */
    record Verified(Verification.State state, List<Outcome> checks) {

        Verified {
            checks = List.copyOf(checks);
        }

        static Verified of(Verification verification) {
            return new Verified(
                    verification.state(),
                    verification.checks().stream()
                            .map(check -> new Outcome(check.name(), check.outcome()))
                            .toList());
        }
    }

    /** How one check ended. */
    record Outcome(String name, Verification.Outcome outcome) {}

    /**
     * The stored object.
     *
     * @param sizeBytes of the object as it lies there
     * @param sha256 of the same, lower-case hex
     * @param versionId null if the store keeps no versions
     * @param recipients the fingerprints of those who can open it; none if it is not encrypted
     * @param lock until when it cannot be removed; null if it can
     * @param copiedAt when it had been read back
     */
    record StoredBytes(
            String key,
            long sizeBytes,
            String sha256,
            @Nullable String versionId,
            List<String> recipients,
            @Nullable ObjectLock lock,
            Instant copiedAt) {

        StoredBytes {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(sha256, "sha256");
            Objects.requireNonNull(copiedAt, "copied_at");
            recipients = List.copyOf(recipients);
        }
    }
}
