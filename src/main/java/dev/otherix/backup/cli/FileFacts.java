package dev.otherix.backup.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.otherix.backup.verify.FileDetails;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.StatusNumbers;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a file, with the names from the records. Facts that a damaged file does not show are null.
 *
 * @param footer passed, failed or absent
 * @param caRemark why there is no fingerprint, or what is unusual about the CA
 * @param storageVersion version of the storage, which may be older than the etcd that wrote it; null before etcd 3.6
 * @param neededLine the first line of etcd that starts with it; printed as text only
 * @param alarms {@code NOSPACE}, {@code CORRUPT}
 * @param resources live keys for each kind of otherix resource
 */
record FileFacts(
        long sizeBytes,
        String sha256,
        String footer,
        @Nullable Long revision,
        @Nullable Long compactRevision,
        @Nullable Long liveKeys,
        @Nullable Long totalEntries,
        @Nullable Long hashKv,
        @Nullable String caFingerprint,
        @Nullable String caRemark,
        @Nullable Integer pageSize,
        @Nullable Long pageCount,
        @Nullable String storageVersion,
        @JsonIgnore @Nullable String neededLine,
        @Nullable List<FileDetails.Member> members,
        @Nullable List<String> alarms,
        @Nullable SequencedMap<String, Long> resources,
        @Nullable Status status) {

    /** The output of {@code etcdutl snapshot status}, which counts keys differently since 3.6. */
    record Status(
            long hash,
            long revision,
            @JsonProperty("total_key_3_5") long totalKey35,
            @JsonProperty("total_key_3_6") long totalKey36,
            long totalSize) {

        private static Status of(StatusNumbers numbers) {
            return new Status(
                    numbers.hash(),
                    numbers.revision(),
                    numbers.totalKey35(),
                    numbers.totalKey36(),
                    numbers.totalSize());
        }
    }

    static FileFacts of(SnapshotProof proof) {
        var footer = proof.hasFooter() ? proof.footer().outcome().word() : "absent";
        if (proof.facts().isEmpty() || proof.details().isEmpty()) {
            return new FileFacts(
                    proof.sizeBytes(),
                    proof.sha256(),
                    footer,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
        var facts = proof.facts().get();
        var details = proof.details().get();
        var ca = proof.activeCa();
        return new FileFacts(
                proof.sizeBytes(),
                proof.sha256(),
                footer,
                facts.revision(),
                facts.compactRevision(),
                facts.liveKeys(),
                facts.totalEntries(),
                facts.hashKv(),
                ca.fingerprint(),
                ca.remark(),
                details.pageSize(),
                details.pageCount(),
                details.storageVersion(),
                details.neededLine(),
                details.members(),
                details.alarms().stream()
                        .map(FileDetails.Alarm::alarm)
                        .distinct()
                        .toList(),
                details.resources(),
                Status.of(details.status()));
    }
}
