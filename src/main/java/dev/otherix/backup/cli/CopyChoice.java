package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.offsite.StoreContents;
import dev.otherix.backup.restore.SnapshotChoice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which copies a command means.
 *
 * @param cluster its name in the store, or etcd's id of it
 * @param member its id
 * @param caFingerprint of the cluster CA
 */
record CopyChoice(Optional<String> cluster, Optional<String> member, Optional<String> caFingerprint) {

    private static final String NEW_LINE = System.lineSeparator();
    private static final int MOST_SHOWN = 20;

    /** The same, of this cluster where none is named. */
    CopyChoice or(Optional<String> otherwise) {
        return cluster.isPresent() || caFingerprint.isPresent()
                ? this
                : new CopyChoice(otherwise, member, caFingerprint);
    }

    /** Those that count, in the order of the list. */
    List<FoundCopy> of(StoreContents contents) {
        return contents.copies().stream().filter(this::counts).toList();
    }

    private boolean counts(FoundCopy copy) {
        var folder = copy.place().folder();
        return member.filter(id -> !id.equalsIgnoreCase(folder.memberId())).isEmpty()
                && cluster.filter(name -> !name.equals(folder.cluster()) && !isId(copy, name))
                        .isEmpty()
                && caFingerprint
                        .filter(ca -> !Optional.of(ClusterOptions.fingerprint(ca))
                                .equals(copy.facts().map(CopyFacts::caFingerprint)))
                        .isEmpty();
    }

    private static boolean isId(FoundCopy copy, String name) {
        return copy.facts()
                .map(CopyFacts::clusterId)
                .filter(name::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * The one that is meant.
     *
     * @param where for messages
     * @param said gets why it is this one, and what was passed over
     * @throws CommandFailure if there is none, or a person has to choose
     */
    Folder.Place one(CopyName name, StoreContents contents, String where, Consumer<String> said) {
        return name.name().isPresent()
                ? named(name, new CopyChoice(cluster, member, Optional.empty()).of(contents), where)
                : latest(of(contents), where, said);
    }

    private Folder.Place named(CopyName name, List<FoundCopy> counted, String where) {
        var found = counted.stream()
                .filter(copy -> name.name().equals(Optional.of(copy.place().name())))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(
                    name + " is not in " + where
                            + (counted.isEmpty() ? "" : ", which has " + counted.size() + " others"),
                    "\"otherix-etcd-backup offsite list\" shows what is there.",
                    null);
        }
        var ofCa = found.stream().filter(this::counts).toList();
        if (ofCa.size() == 1) {
            return ofCa.getFirst().place();
        }
        if (found.size() > 1) {
            throw new CommandFailure(
                    "which one? " + where + " has " + name + " " + found.size() + " times:" + lines(found),
                    "Add --member ID or --cluster C: they are in the path, CLUSTER/MEMBER/NAME.",
                    null);
        }
        return found.getFirst().place();
    }

    private static String lines(List<FoundCopy> copies) {
        var more = copies.size() - MOST_SHOWN;
        return copies.stream()
                        .limit(MOST_SHOWN)
                        .map(copy -> NEW_LINE + "  " + path(copy) + ": "
                                + copy.problem()
                                        .map(OutputFormat::printable)
                                        .orElseGet(() -> copy.facts()
                                                .map(facts -> "revision " + facts.revision() + ", live keys "
                                                        + facts.liveKeys())
                                                .orElse("not known")))
                        .collect(Collectors.joining())
                + (more > 0 ? NEW_LINE + "  and " + more + " more" : "");
    }

    private static Folder.Place latest(List<FoundCopy> counted, String where, Consumer<String> said) {
        var usable =
                counted.stream().flatMap(copy -> Choosable.of(copy).stream()).toList();
        var passedOver =
                counted.stream().filter(copy -> Choosable.of(copy).isEmpty()).toList();
        if (usable.isEmpty()) {
            throw new CommandFailure(
                    "there is no copy to restore in " + where
                            + (passedOver.isEmpty() ? "" : ", of these:" + lines(passedOver)),
                    "\"otherix-etcd-backup offsite list\" shows all that is there; --from may name another place.",
                    null);
        }
        passedOver.forEach(copy -> said.accept("passed over: " + path(copy) + ": "
                + copy.problem().orElse("it was not verified when it was copied, or its revision is not known")));
        return switch (SnapshotChoice.of(usable, (_, _) -> false)) {
            case SnapshotChoice.Result.Chosen<Choosable>(var chosen, var reason) -> {
                said.accept("this is " + path(chosen.copy()) + ", which " + reason);
                yield chosen.copy().place();
            }
            case SnapshotChoice.Result.Unclear<Choosable>(var reason, var clusters) ->
                throw new CommandFailure(
                        "which copy? " + reason + PlanText.table(clusters),
                        "Give the NAME instead of latest, or add --cluster C or --ca-fingerprint F where that leaves one."
                                + " The path is CLUSTER/MEMBER/NAME.",
                        null);
        };
    }

    /** The place of a copy without the prefix that all have. */
    static String path(FoundCopy copy) {
        return path(copy.place());
    }

    static String path(Folder.Place place) {
        return place.folder().cluster() + "/" + place.folder().memberId() + "/" + place.name();
    }

    /** A copy whose record says all that the choice asks. */
    private record Choosable(FoundCopy copy, CopyFacts facts, long revision, long liveKeys)
            implements SnapshotChoice.Choosable {

        static Optional<Choosable> of(FoundCopy copy) {
            return copy.facts()
                    .filter(facts -> copy.whole() && facts.verified())
                    .flatMap(facts -> {
                        var revision = facts.revision();
                        var keys = facts.liveKeys();
                        return revision == null || keys == null
                                ? Optional.empty()
                                : Optional.of(new Choosable(copy, facts, revision, keys));
                    });
        }

        @Override
        public String name() {
            return copy.place().name().toString();
        }

        @Override
        public String place() {
            return path(copy);
        }

        @Override
        public Optional<Instant> takenAt() {
            return Optional.of(copy.place().name().second());
        }

        @Override
        public Optional<String> clusterId() {
            return Optional.ofNullable(facts.clusterId());
        }

        @Override
        public Optional<String> caFingerprint() {
            return Optional.ofNullable(facts.caFingerprint());
        }
    }
}
