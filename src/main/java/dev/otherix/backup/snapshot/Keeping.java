package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether a snapshot is kept, and why: operators and retention write this into its record. A check of the file does not
 * change it.
 *
 * @param lineage the name of the first snapshot of its lineage
 * @param pinned whether it is kept until it is unpinned
 * @param keptBecause why retention keeps it, as of the last prune
 */
public record Keeping(SnapshotName lineage, boolean pinned, List<KeptBecause> keptBecause) {

    public Keeping {
        Objects.requireNonNull(lineage, "lineage");
        keptBecause = List.copyOf(keptBecause);
    }

    Keeping withLineage(SnapshotName lineage) {
        return new Keeping(lineage, pinned, keptBecause);
    }

    Keeping withPinned(boolean pinned) {
        return new Keeping(lineage, pinned, keptBecause);
    }

    Keeping withReasons(List<KeptBecause> keptBecause) {
        return new Keeping(lineage, pinned, keptBecause);
    }

    /** The same, with or without the reason that the record is damaged. */
    Keeping withRecordDamaged(boolean damaged) {
        if (damaged == keptBecause.contains(KeptBecause.DAMAGED_RECORD)) {
            return this;
        }
        var others = keptBecause.stream().filter(reason -> reason != KeptBecause.DAMAGED_RECORD);
        return withReasons(Stream.concat(others, damaged ? Stream.of(KeptBecause.DAMAGED_RECORD) : Stream.empty())
                .toList());
    }
}
