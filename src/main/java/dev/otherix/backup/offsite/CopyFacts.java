package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.snapshot.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the record of a copy says, without what can be long: its size is bounded, whoever wrote the record.
 *
 * @param sizeBytes of the snapshot's file
 * @param clusterId etcd's, lower-case hex; null if it is not known
 * @param verified whether the snapshot had been proven when it was copied
 * @param recipients the fingerprints of those who can open the copy; none if it is not encrypted
 * @param lock until when the store keeps it, as it was when it was copied; null if it was not locked
 */
public record CopyFacts(
        Instant createdAt,
        long sizeBytes,
        String sha256,
        @Nullable Long revision,
        @Nullable Long liveKeys,
        @Nullable String clusterId,
        @Nullable String caFingerprint,
        boolean verified,
        boolean pinned,
        long objectBytes,
        List<String> recipients,
        Instant copiedAt,
        @Nullable ObjectLock lock) {

    public CopyFacts {
        recipients = List.copyOf(recipients);
    }

    static CopyFacts of(StoredRecord record) {
        return new CopyFacts(
                record.createdAt(),
                record.sizeBytes(),
                record.sha256(),
                record.facts().revision(),
                record.facts().liveKeys(),
                Optional.ofNullable(record.etcd())
                        .map(StoredRecord.Etcd::clusterId)
                        .orElse(null),
                record.caFingerprint(),
                record.verification().state() == Verification.State.VERIFIED,
                record.pinned(),
                record.object().sizeBytes(),
                record.object().recipients(),
                record.object().copiedAt(),
                record.object().lock());
    }
}
