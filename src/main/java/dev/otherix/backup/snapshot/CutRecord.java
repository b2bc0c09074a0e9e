package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The record of a snapshot that was cut out of a later one: the object of {@link Snapshot}, for a file that is in no
 * snapshot directory, so that nothing decides whether it is kept.
 *
 * @param name of its file, which is no {@link SnapshotName}
 * @param createdAt when it was cut
 * @param lineage null
 * @param pinned false
 * @param keptBecause none
 * @param cutFrom the snapshot it was cut out of
 */
public record CutRecord(
        String name,
        Instant createdAt,
        @JsonUnwrapped StoredFile file,
        @JsonUnwrapped Content content,
        @JsonUnwrapped Origin origin,
        @Nullable SnapshotName lineage,
        boolean pinned,
        List<KeptBecause> keptBecause,
        @JsonUnwrapped Checked checked,
        CutFrom cutFrom) {

    private static final String SNAPSHOT = ".db";
    private static final String RECORD = ".json";

    public CutRecord {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(createdAt, "created_at");
        Objects.requireNonNull(cutFrom, "cut_from");
        keptBecause = List.copyOf(keptBecause);
    }

    /**
     * A new one.
     *
     * @param history of the new file; null if the record of its source has none
     */
    public CutRecord(
            String name,
            Instant createdAt,
            StoredFile file,
            Content content,
            @Nullable History history,
            Checked checked,
            CutFrom cutFrom) {
        this(
                name,
                createdAt,
                file,
                content,
                new Origin(null, null, List.of(), history),
                null,
                false,
                List.of(),
                checked,
                cutFrom);
    }

    /**
     * Where it comes from.
     *
     * @param name of the file
     * @param revision the last one of that file
     */
    public record CutFrom(String name, long revision) {

        public CutFrom {
            Objects.requireNonNull(name, "name");
        }
    }

    /** The bytes of its file. */
    public byte[] json() {
        return RecordFormat.JSON.writeValueAsBytes(this);
    }

    /** The record's file beside the snapshot {@code file}: {@code X.json} for {@code X.db}. */
    public static Path beside(Path file) {
        var name = file.getFileName().toString();
        return file.resolveSibling(
                (name.endsWith(SNAPSHOT) ? name.substring(0, name.length() - SNAPSHOT.length()) : name) + RECORD);
    }

    /** The record beside a file; empty if there is none, or if it is damaged. */
    public static Optional<CutRecord> of(Path file) {
        var record = beside(file);
        try {
            if (!Files.isRegularFile(record, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(record) > RecordFormat.MAX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(RecordFormat.JSON.readValue(Files.readAllBytes(record), CutRecord.class));
        } catch (IOException | JacksonException | NullPointerException noRecord) {
            return Optional.empty();
        }
    }
}
