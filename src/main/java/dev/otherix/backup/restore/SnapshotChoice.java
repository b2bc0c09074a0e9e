package dev.otherix.backup.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Chooses the snapshot to restore: of one installation the one with the highest revision. An installation is known by
 * its cluster CA, because etcd's own ids are the same in many of them. Where the highest revision may be the wrong one,
 * nothing is chosen, and a person has to say which.
 */
public final class SnapshotChoice {

    /** So much older than the newest one may be the one with the highest revision. */
    static final Duration OLDER = Duration.ofHours(1);

    private static final Comparator<Choosable> BY_REVISION = Comparator.comparingLong(Choosable::revision)
            .thenComparing(SnapshotChoice::time)
            .thenComparing(Choosable::place);
    private static final Comparator<Choosable> BY_TIME =
            Comparator.comparing(SnapshotChoice::time).thenComparing(BY_REVISION);

    private SnapshotChoice() {}

    /** A snapshot, as far as the choice asks. */
    public interface Choosable {

        /** Its name, for sentences. */
        String name();

        /** Where it is, for a person who has to choose. */
        String place();

        /** Empty if it is not known. */
        Optional<Instant> takenAt();

        long revision();

        long liveKeys();

        /** Empty if it is not known. */
        Optional<String> clusterId();

        /** Of the active cluster CA; empty if there is none. */
        Optional<String> caFingerprint();
    }

    /** What was decided. */
    public sealed interface Result<S extends Choosable> {

        /** @param reason why it is this one, as the rest of a sentence that begins with it */
        record Chosen<S extends Choosable>(S snapshot, String reason) implements Result<S> {}

        /** @param reason why a person has to choose */
        record Unclear<S extends Choosable>(String reason, List<Cluster> clusters) implements Result<S> {}
    }

    /**
     * The snapshots of one cluster.
     *
     * @param id empty if it is not known
     * @param caFingerprint empty if there is no CA
     * @param first the oldest snapshot of those whose time is known; any if none is
     * @param last the newest of those
     * @param highest the one with the highest revision
     */
    public record Cluster(
            Optional<String> id,
            Optional<String> caFingerprint,
            Choosable first,
            Choosable last,
            Choosable highest,
            int count) {

        private static Cluster of(List<? extends Choosable> snapshots) {
            Choosable any = snapshots.getFirst();
            return new Cluster(
                    any.clusterId(),
                    any.caFingerprint(),
                    snapshots.stream()
                            .filter(snapshot -> snapshot.takenAt().isPresent())
                            .<Choosable>map(snapshot -> snapshot)
                            .min(BY_TIME)
                            .orElse(any),
                    snapshots.stream()
                            .<Choosable>map(snapshot -> snapshot)
                            .max(BY_TIME)
                            .orElse(any),
                    snapshots.stream()
                            .<Choosable>map(snapshot -> snapshot)
                            .max(BY_REVISION)
                            .orElse(any),
                    snapshots.size());
        }
    }

    /** Whether two snapshots have different histories. */
    public interface Divergence<S> {

        /** @param earlier the one with the lower revision; often the later one of the call before */
        boolean between(S earlier, S later);
    }

    /** @param snapshots proven ones, at least one, of which each holds the moment that is wanted */
    public static <S extends Choosable> Result<S> of(List<S> snapshots, Divergence<S> divergence) {
        var installations = snapshots.stream().collect(Collectors.groupingBy(SnapshotChoice::installation));
        if (installations.size() > 1) {
            return unclear("they are of " + installations.size() + " installations", snapshots);
        }
        var chosen = snapshots.stream().max(BY_REVISION).orElseThrow();
        var newest = newest(snapshots);
        if (chosen.takenAt().isPresent() && time(chosen).plus(OLDER).isBefore(time(newest))) {
            return unclear(
                    chosen.name() + " has the highest revision, " + chosen.revision() + ", but " + newest.name()
                            + " is newer and has revision " + newest.revision()
                            + ": the cluster was made anew or restored in between",
                    snapshots);
        }
        var larger = snapshots.stream()
                .filter(other -> chosen.liveKeys() < other.liveKeys() / 2.0)
                .max(Comparator.comparingLong(Choosable::liveKeys));
        if (larger.isPresent()) {
            return unclear(
                    chosen.name() + " has the highest revision, " + chosen.revision() + ", but only "
                            + chosen.liveKeys() + " live keys, and "
                            + larger.get().name() + " has "
                            + larger.get().liveKeys(),
                    snapshots);
        }
        return firstDivergence(snapshots, divergence)
                .<Result<S>>map(why -> unclear(why, snapshots))
                .orElseGet(() -> new Result.Chosen<>(chosen, reason(chosen, snapshots)));
    }

    /**
     * The newest; of those whose time is not known only where it is known of none, and then the one with the highest
     * revision.
     *
     * @param snapshots at least one
     */
    public static <S extends Choosable> S newest(List<S> snapshots) {
        return snapshots.stream().max(BY_TIME).orElseThrow();
    }

    private static Instant time(Choosable snapshot) {
        return snapshot.takenAt().orElse(Instant.MIN);
    }

    private static String installation(Choosable snapshot) {
        return snapshot.caFingerprint()
                .or(() -> snapshot.clusterId().map(id -> "cluster " + id))
                .orElse("unknown");
    }

    private static <S extends Choosable> Optional<String> firstDivergence(List<S> snapshots, Divergence<S> divergence) {
        var ordered = snapshots.stream().sorted(BY_REVISION).toList();
        for (var i = 1; i < ordered.size(); i++) {
            var earlier = ordered.get(i - 1);
            var later = ordered.get(i);
            if (divergence.between(earlier, later)) {
                return Optional.of(
                        earlier.name() + " and " + later.name() + " have different histories: they are of two "
                                + "clusters, or of members that no longer agree");
            }
        }
        return Optional.empty();
    }

    private static <S extends Choosable> Result<S> unclear(String reason, List<S> snapshots) {
        var clusters = new TreeMap<String, List<S>>(snapshots.stream()
                .collect(Collectors.groupingBy(snapshot ->
                        installation(snapshot) + " " + snapshot.clusterId().orElse(""))));
        return new Result.Unclear<>(
                reason, clusters.values().stream().map(Cluster::of).toList());
    }

    private static String reason(Choosable chosen, List<?> snapshots) {
        return snapshots.size() == 1
                ? "is the only proven snapshot"
                : "has the highest revision, " + chosen.revision() + ", of " + snapshots.size() + " proven snapshots";
    }
}
