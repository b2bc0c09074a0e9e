package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.snapshot.Snapshot;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which copies go, and which stay and why.
 *
 * @param steps in the order of the list
 */
record DeletePlan(List<Step> steps) {

    /**
     * One copy.
     *
     * @param key of its object
     * @param own the local record that knows it, so that the service removes it
     * @param stays why; empty if it goes
     */
    record Step(FoundCopy copy, String key, Optional<Snapshot> own, Optional<String> stays) {

        String path() {
            return CopyChoice.path(copy);
        }
    }

    /**
     * Decides.
     *
     * @param all copies of the clusters concerned
     * @param includeLast whether the newest proven copy of a cluster and pinned ones go too
     */
    static DeletePlan of(List<FoundCopy> chosen, List<FoundCopy> all, OwnCopies own, boolean includeLast) {
        var newest = new HashSet<>(
                newestProven(all, copy -> copy.place().folder().cluster()).values());
        // what a service has is its member's alone
        var newestOfMembers = newestProven(all, copy -> copy.place().folder().path());
        return new DeletePlan(chosen.stream()
                .map(copy -> {
                    var key = key(copy);
                    var record = Optional.ofNullable(own.records().get(key));
                    var last = newest.contains(copy) || record.isPresent() && newestOfMembers.containsValue(copy);
                    return new Step(copy, key, record, includeLast ? Optional.empty() : stays(copy, record, last));
                })
                .toList());
    }

    private static Optional<String> stays(FoundCopy copy, Optional<Snapshot> record, boolean last) {
        // the local record decides while there is one
        var pinned = record.map(Snapshot::pinned)
                .orElseGet(() -> copy.facts().filter(CopyFacts::pinned).isPresent());
        if (pinned) {
            return Optional.of("it is pinned");
        }
        return last ? Optional.of("it is the newest proven copy") : Optional.empty();
    }

    private static <K> Map<K, FoundCopy> newestProven(List<FoundCopy> all, Function<FoundCopy, K> group) {
        var newest = new HashMap<K, FoundCopy>();
        all.stream()
                .filter(copy ->
                        copy.whole() && copy.facts().filter(CopyFacts::verified).isPresent())
                .forEach(copy -> newest.merge(
                        group.apply(copy), copy, (one, other) -> takenAt(one).isBefore(takenAt(other)) ? other : one));
        return newest;
    }

    /** When it was taken, by what its record says, else by its name. */
    static Instant takenAt(FoundCopy copy) {
        return copy.facts()
                .map(CopyFacts::createdAt)
                .orElseGet(() -> copy.place().name().second());
    }

    private static String key(FoundCopy copy) {
        var place = copy.place();
        return place.folder()
                .object(
                        place.name(),
                        copy.facts()
                                .filter(facts -> facts.recipients().isEmpty())
                                .isEmpty());
    }

    /** Those that go. */
    List<Step> going() {
        return steps.stream().filter(step -> step.stays().isEmpty()).toList();
    }

    /** Those that stay. */
    List<Step> staying() {
        return steps.stream().filter(step -> step.stays().isPresent()).toList();
    }

    /** The names of the clusters of those that go. */
    Set<String> clusters() {
        var names = new HashSet<String>();
        going().forEach(step -> names.add(step.copy().place().folder().cluster()));
        return names;
    }

    void print(String place, PrintWriter out) {
        out.println(OutputFormat.printable(place));
        steps.forEach(step -> out.println("  "
                + (step.stays().isPresent() ? "stays " : "goes  ")
                + step.path()
                + "  "
                + step.copy()
                        .facts()
                        .map(facts -> ListingText.size(facts.objectBytes()))
                        .orElse("-")
                + step.stays().map(why -> "  " + why).orElse("")));
        if (!staying().isEmpty()) {
            out.println("To remove the newest proven copy of a cluster, or pinned ones, add --include-last.");
        }
        out.flush();
    }

    /** Those of {@code copies} older than a moment. */
    static List<FoundCopy> olderThan(List<FoundCopy> copies, Instant moment) {
        var older = new ArrayList<>(copies);
        older.removeIf(copy -> !takenAt(copy).isBefore(moment));
        return older;
    }
}
