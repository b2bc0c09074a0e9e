package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.CopyRests;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.snapshot.Snapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Which copies go, and which stay and why.
 *
 * @param steps in the order of the list
 * @param unseen why older versions without a record were not looked for; empty if they were
 */
record DeletePlan(List<Step> steps, Optional<String> unseen) {

    /** The copy of a large snapshot over a slow line takes hours. */
    private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

    private static final String YOUNG =
            "younger than a day: it may be an upload that goes on. To remove it all the same, give its NAME";

    /**
     * One copy, or the rest of one.
     *
     * @param bytes of its object; below zero if that is not known
     * @param own the local record that knows it, so that the service removes it
     * @param stays why; empty if it goes
     */
    record Step(Folder.Place place, Kind kind, long bytes, Optional<Snapshot> own, Optional<String> stays) {

        String path() {
            return CopyChoice.path(place);
        }
    }

    /** What a step removes. */
    enum Kind {
        COPY,
        /** Objects of a copy whose record has gone, or never came. */
        REST
    }

    /**
     * Decides.
     *
     * @param all copies of the clusters concerned
     * @param which says whether the newest proven copy of a cluster and pinned ones go too
     */
    static DeletePlan of(
            DeleteChoice.Chosen chosen, List<FoundCopy> all, OwnCopies own, DeleteOptions which, Instant now) {
        var newest = new HashSet<>(
                newestProven(all, copy -> copy.place().folder().cluster(), now).values());
        // what a service has is its member's alone
        var newestOfMembers = newestProven(all, copy -> copy.place().folder().path(), now);
        var steps = new ArrayList<Step>();
        chosen.copies().forEach(copy -> {
            var record = own.record(copy.place());
            var last = newest.contains(copy) || record.isPresent() && newestOfMembers.containsValue(copy);
            steps.add(new Step(
                    copy.place(),
                    Kind.COPY,
                    copy.facts().map(CopyFacts::objectBytes).orElse(-1L),
                    record,
                    which.includeLast() ? Optional.empty() : stays(copy, record, last)));
        });
        chosen.rests().rests().forEach(rest -> {
            var record = own.record(rest.place());
            steps.add(new Step(
                    rest.place(),
                    Kind.REST,
                    rest.sizeBytes(),
                    record,
                    which.isAll() && isYoung(rest, now) ? Optional.of(YOUNG) : Optional.empty()));
        });
        return new DeletePlan(steps, chosen.rests().unseen());
    }

    private static boolean isYoung(CopyRests.Rest rest, Instant now) {
        return rest.newestAt()
                .filter(newest -> newest.isBefore(now.minus(LONGEST_UPLOAD)))
                .isEmpty();
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

    /** One that is dated in the future counts only where no other does. */
    private static <K> Map<K, FoundCopy> newestProven(List<FoundCopy> all, Function<FoundCopy, K> group, Instant now) {
        var order = Comparator.comparing((FoundCopy copy) -> !takenAt(copy).isAfter(now))
                .thenComparing(DeletePlan::takenAt);
        var newest = new HashMap<K, FoundCopy>();
        all.stream()
                .filter(copy ->
                        copy.whole() && copy.facts().filter(CopyFacts::verified).isPresent())
                .forEach(copy -> newest.merge(group.apply(copy), copy, BinaryOperator.maxBy(order)));
        return newest;
    }

    /** When it was taken, by what its record says, else by its name. */
    static Instant takenAt(FoundCopy copy) {
        return copy.facts()
                .map(CopyFacts::createdAt)
                .orElseGet(() -> copy.place().name().second());
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
        going().forEach(step -> names.add(step.place().folder().cluster()));
        return names;
    }

    void print(String place, PrintWriter out) {
        out.println(OutputFormat.printable(place));
        steps.forEach(step -> out.println("  "
                + (step.stays().isPresent() ? "stays " : "goes  ")
                + step.path()
                + "  "
                + (step.bytes() < 0 ? "-" : ListingText.size(step.bytes()))
                + (step.kind() == Kind.REST ? "  a rest without a record" : "")
                + step.stays().map(why -> "  " + why).orElse("")));
        if (staying().stream().anyMatch(step -> step.kind() == Kind.COPY)) {
            out.println("To remove the newest proven copy of a cluster, or pinned ones, add --include-last.");
        }
        unseen.ifPresent(why -> out.println(
                "Older versions that have no record any more were not looked for: " + OutputFormat.printable(why)));
        out.flush();
    }
}
