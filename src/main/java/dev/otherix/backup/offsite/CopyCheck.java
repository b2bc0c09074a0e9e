package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads copies back for a person, and opens them where there are identities. Writes nothing. */
public final class CopyCheck {

    private final ObjectStore store;
    private final Identities identities;

    /** @param identities none: nothing is opened */
    public CopyCheck(ObjectStore store, Identities identities) {
        this.store = store;
        this.identities = identities;
    }

    /** Which copies are checked. */
    public sealed interface Which {

        /** Every one, and every canary. */
        record All() implements Which {}

        /** Those with this name. */
        record Named(SnapshotName name) implements Which {}

        /**
         * Of each member the newest and one older, another one each day.
         *
         * @param now decides which older one
         */
        record NewestAndOneOlder(Instant now) implements Which {}
    }

    /**
     * How one check ended.
     *
     * @param path cluster, member and file
     * @param problem null if it is good
     */
    public record Result(
            String path, Outcome outcome, @Nullable String problem) {

        public boolean good() {
            return outcome == Outcome.GOOD;
        }

        /** Whether something is wrong with the copy, and not only with the way to it. */
        public boolean isFinding() {
            return outcome != Outcome.GOOD && outcome != Outcome.UNREAD;
        }
    }

    /** What a check shows. */
    public enum Outcome {
        GOOD,
        MISSING,
        CHANGED,
        ARCHIVED,
        /** No identity that was given opens it. */
        CLOSED,
        /** It holds something else than its record says. */
        DIFFERENT,
        /** Its record cannot be used. */
        RECORD,
        /** The store did not let it be read. */
        UNREAD;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Outcome of(CopyRefused.Reason reason) {
            return switch (reason) {
                case MISSING -> MISSING;
                case CHANGED -> CHANGED;
                case ARCHIVED -> ARCHIVED;
                case CLOSED -> CLOSED;
                case DIFFERENT -> DIFFERENT;
                case RECORD -> RECORD;
            };
        }
    }

    /**
     * Checks them.
     *
     * @param copies by member, the newest of each first
     * @param canaries those of each folder, the newest first
     * @param begins gets a word before each that may take long
     */
    public List<Result> of(
            List<FoundCopy> copies, Map<Folder, List<String>> canaries, Which which, Consumer<String> begins) {
        var folders = new LinkedHashMap<Folder, List<FoundCopy>>();
        copies.forEach(copy -> folders.computeIfAbsent(copy.place().folder(), _ -> new ArrayList<>())
                .add(copy));
        var results = new ArrayList<Result>();
        folders.forEach((folder, all) -> {
            var chosen = chosen(all, which);
            if (!identities.isEmpty() && !chosen.isEmpty()) {
                var keys = canaries.getOrDefault(folder, List.of());
                keys.subList(0, which instanceof Which.All ? keys.size() : Math.min(1, keys.size()))
                        .forEach(key -> results.add(canary(folder, key)));
            }
            chosen.forEach(copy -> results.add(copy(copy, begins)));
        });
        return results;
    }

    private static List<FoundCopy> chosen(List<FoundCopy> newestFirst, Which which) {
        return switch (which) {
            case Which.All() -> newestFirst;
            case Which.Named(var name) ->
                newestFirst.stream()
                        .filter(copy -> copy.place().name().equals(name))
                        .toList();
            case Which.NewestAndOneOlder(var now) -> {
                var older = newestFirst.subList(1, newestFirst.size());
                var days = now.truncatedTo(ChronoUnit.DAYS).getEpochSecond()
                        / ChronoUnit.DAYS.getDuration().toSeconds();
                yield older.isEmpty()
                        ? newestFirst
                        : List.of(newestFirst.getFirst(), older.get(Math.floorMod(days, older.size())));
            }
        };
    }

    private Result copy(FoundCopy copy, Consumer<String> begins) {
        var path = path(copy.place().folder(), copy.place().name().toString());
        return result(path, () -> {
            var stored = StoredCopy.open(store, copy.place());
            begins.accept("reading " + path + ", " + stored.record().object().sizeBytes() + " bytes");
            if (identities.isEmpty()) {
                stored.readBack(_ -> {});
            } else {
                stored.unpack(identities, _ -> {}, _ -> {});
            }
        });
    }

    private Result canary(Folder folder, String key) {
        return result(
                path(folder, key.substring(key.lastIndexOf('/') + 1)),
                () -> OpenedCanary.require(store, key, identities));
    }

    private static String path(Folder folder, String file) {
        return folder.cluster() + "/" + folder.memberId() + "/" + file;
    }

    private static Result result(String path, Runnable check) {
        try {
            check.run();
            return new Result(path, Outcome.GOOD, null);
        } catch (CopyRefused refused) {
            return new Result(path, Outcome.of(refused.reason()), refused.getMessage());
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.INTERRUPTED) {
                throw failure;
            }
            return new Result(path, Outcome.UNREAD, failure.getMessage());
        }
    }
}
