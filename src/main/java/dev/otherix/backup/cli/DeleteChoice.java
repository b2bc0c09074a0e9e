package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.CopyRests;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.offsite.StoreContents;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the copies that are to go, and what was left of copies by a removal or an upload that was cut off. */
final class DeleteChoice {

    private final CopyChoice choice;
    private final StoreContents contents;
    private final ObjectStore store;
    private final String prefix;

    DeleteChoice(CopyChoice choice, StoreContents contents, ObjectStore store, String prefix) {
        this.choice = choice;
        this.contents = contents;
        this.store = store;
        this.prefix = prefix;
    }

    /** What was found. */
    record Chosen(List<FoundCopy> copies, CopyRests rests) {

        boolean isEmpty() {
            return copies.isEmpty() && rests.rests().isEmpty();
        }
    }

    /** All that count. @throws CommandFailure if the cluster is unknown */
    Chosen all() {
        var chosen = new Chosen(choice.of(contents), rests());
        if (chosen.isEmpty()) {
            requireCluster();
        }
        return chosen;
    }

    private void requireCluster() {
        var known = new TreeSet<String>();
        contents.copies().forEach(copy -> known.add(copy.place().folder().cluster()));
        var cluster = choice.cluster().orElse("");
        if (clusters().isEmpty() || clusters().stream().noneMatch(known::contains)) {
            throw new CommandFailure(
                    "the cluster " + OutputFormat.printable(cluster) + " is unknown in " + store.place()
                            + ", which has "
                            + (known.isEmpty() ? "no copies" : "copies of " + String.join(", ", known)),
                    "Give --cluster C with one of these names. \"otherix-etcd-backup offsite list\" shows them.",
                    null);
        }
    }

    /**
     * Those with these names.
     *
     * @throws CommandFailure if there is none of one, or a person has to choose
     */
    Chosen named(List<SnapshotName> names) {
        var counted = choice.of(contents);
        var copies = new ArrayList<FoundCopy>();
        var left = new ArrayList<CopyRests.Rest>();
        var without = names.stream()
                .filter(name ->
                        counted.stream().noneMatch(copy -> copy.place().name().equals(name)))
                .collect(Collectors.toSet());
        var rests = without.isEmpty() ? CopyRests.NONE : rests();
        for (var name : names) {
            var rest = rests.rests().stream()
                    .filter(one -> without.contains(name) && one.place().name().equals(name))
                    .toList();
            if (rest.size() == 1) {
                left.add(rest.getFirst());
            } else if (rest.size() > 1) {
                throw new CommandFailure(
                        "which one? " + store.place() + " has rests of " + name + " in several clusters",
                        "Add --cluster C.",
                        null);
            } else {
                var place = choice.one(new CopyName(Optional.of(name)), contents, store.place(), _ -> {});
                counted.stream().filter(copy -> copy.place().equals(place)).forEach(copies::add);
            }
        }
        return new Chosen(copies, new CopyRests(left, rests.unseen()));
    }

    private CopyRests rests() {
        var copies = contents.copies().stream().map(FoundCopy::place).collect(Collectors.toSet());
        var begins = clusters().stream().map(name -> Folder.of(prefix, name)).toList();
        var rests = new ArrayList<CopyRests.Rest>();
        var unseen = Optional.<String>empty();
        for (var begin : choice.cluster().isEmpty() ? List.of(Folder.root(prefix)) : begins) {
            var found = CopyRests.of(store, prefix, begin, copies);
            rests.addAll(found.rests());
            unseen = unseen.or(found::unseen);
        }
        rests.removeIf(rest -> choice.member()
                .filter(id -> !id.equalsIgnoreCase(rest.place().folder().memberId()))
                .isPresent());
        return new CopyRests(rests, unseen);
    }

    /** The cluster that counts, by its names in the store: it may be given by its id. */
    private Set<String> clusters() {
        var names = new TreeSet<String>();
        choice.cluster().ifPresent(given -> {
            if (Folder.CLUSTER.matcher(given).matches()) {
                names.add(given);
            }
            contents.copies().stream()
                    .filter(copy -> copy.facts()
                            .map(CopyFacts::clusterId)
                            .filter(given::equalsIgnoreCase)
                            .isPresent())
                    .forEach(copy -> names.add(copy.place().folder().cluster()));
        });
        return names;
    }
}
