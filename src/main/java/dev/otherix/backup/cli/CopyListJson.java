package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lists of stores for a program. The components are the names in the JSON. */
record CopyListJson(List<Place> targets) {

    static CopyListJson of(List<CopyList> lists) {
        return new CopyListJson(lists.stream()
                .map(list -> new Place(
                        list.target(),
                        list.place(),
                        list.copies().stream().map(OneCopy::of).toList()))
                .toList());
    }

    /** One store. */
    record Place(Target target, String place, List<OneCopy> copies) {}

    /** One copy; what its record does not say, or cannot, is null. */
    record OneCopy(
            String name,
            String cluster,
            String member,
            Copy.State state,
            @Nullable String problem,
            @Nullable Instant createdAt,
            @Nullable Long sizeBytes,
            @Nullable String sha256,
            @Nullable Long revision,
            @Nullable Long liveKeys,
            @Nullable String clusterId,
            @Nullable String caFingerprint,
            @Nullable Boolean verified,
            @Nullable Boolean pinned,
            @Nullable StoredBytes object,
            FoundCopy.@Nullable BesideIt files) {

        static OneCopy of(FoundCopy copy) {
            var folder = copy.place().folder();
            var name = copy.place().name();
            var facts = copy.facts().orElse(null);
            return new OneCopy(
                    name.toString(),
                    folder.cluster(),
                    folder.memberId(),
                    copy.state(),
                    copy.problem().orElse(null),
                    facts == null ? null : facts.createdAt(),
                    facts == null ? null : facts.sizeBytes(),
                    facts == null ? null : facts.sha256(),
                    facts == null ? null : facts.revision(),
                    facts == null ? null : facts.liveKeys(),
                    facts == null ? null : facts.clusterId(),
                    facts == null ? null : facts.caFingerprint(),
                    facts == null ? null : facts.verified(),
                    facts == null ? null : facts.pinned(),
                    facts == null
                            ? null
                            : StoredBytes.of(
                                    folder.object(name, !facts.recipients().isEmpty()), facts),
                    copy.files().orElse(null));
        }
    }

    /** The stored object of a copy. */
    record StoredBytes(
            String key,
            long sizeBytes,
            List<String> recipients,
            Instant copiedAt,
            @Nullable ObjectLock lock) {

        static StoredBytes of(String key, CopyFacts facts) {
            return new StoredBytes(key, facts.objectBytes(), facts.recipients(), facts.copiedAt(), facts.lock());
        }
    }
}
