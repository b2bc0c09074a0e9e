package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.Identities;
import dev.otherix.backup.offsite.StoreContents;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A place with copies, of which some count, and what opens them. */
final class OffsiteSource {

    private final PastFiles files;
    private final Clock clock;
    private final StorePlace place;
    private final CopyChoice choice;
    private final Identities identities;

    OffsiteSource(PastFiles files, Clock clock, StorePlace place, CopyChoice choice, Identities identities) {
        this.files = files;
        this.clock = clock;
        this.place = place;
        this.choice = choice.or(place.cluster());
        this.identities = identities;
    }

    /** Fetches a copy into a directory, and returns its file. */
    Path fetch(CopyName name, Path directory) {
        try (var store = place.store().get()) {
            return fetch(chosen(name, store), directory, store);
        }
    }

    private Path fetch(Folder.Place chosen, Path directory, ObjectStore store) {
        return new OffsiteFetch(files, clock).to(directory, store, chosen, identities, choice.caFingerprint());
    }

    /** Fetches the files beside it too, into a directory that is made. */
    Path fetch(CopyName name, Path directory, Path filesDirectory) {
        try (var store = place.store().get()) {
            var chosen = chosen(name, store);
            try (var beside = FetchedFiles.of(store, chosen, identities, filesDirectory)) {
                var file = fetch(chosen, directory, store);
                beside.publish();
                files.say("the files beside it are in " + filesDirectory + ": " + String.join(", ", beside.names()));
                return file;
            }
        }
    }

    private Folder.Place chosen(CopyName name, ObjectStore store) {
        return choice.one(name, contents(store, place.prefix(), choice), store.place(), files::say);
    }

    /** What is there, of the cluster that counts where that is one by its name in the store. */
    static StoreContents contents(ObjectStore store, String prefix, CopyChoice choice) {
        var cluster =
                choice.cluster().filter(name -> Folder.CLUSTER.matcher(name).matches());
        if (cluster.isPresent()) {
            var contents = StoreContents.of(store, prefix, cluster);
            if (!contents.copies().isEmpty()) {
                return contents;
            }
        }
        return StoreContents.of(store, prefix, Optional.empty());
    }
}
