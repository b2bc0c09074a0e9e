package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DirectoryListing;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Prints what a person needs who has lost every host. */
@Command(
        name = "card",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup offsite card [--cluster C] [--member ID] [--target T]",
            "      [--from URL [--endpoint-url URL] [--region R] [--ca-file FILE]",
            "      [--path-style]] [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Prints one page to keep beside the identity: where the copies are, of which",
            "cluster, who can open them, and the commands from nothing to a running",
            "otherix-api. It has no secrets."
        },
        footer = {
            "",
            "Exit code: 0 done, 1 there is no copy yet, or a person has to choose the cluster,",
            "2 the store could not be read, or bad usage."
        })
final class OffsiteCardCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final OffsitePlaces places;
    private final Function<List<String>, Optional<Path>> directory;
    private final Clock clock;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /** @param directory finds the directory of this host's snapshots from settings of the service */
    OffsiteCardCommand(
            PrintWriter out, OffsitePlaces places, Function<List<String>, Optional<Path>> directory, Clock clock) {
        this.out = out;
        this.places = places;
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var arguments = options.arguments(settings);
        var found = new ArrayList<Card.Place>();
        for (var place : places.of(store, arguments)) {
            found.add(look(place, choice(place, arguments)));
        }
        new Card(found, clock.instant()).print(out);
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    /** Where others keep copies in the same place, those of this host's cluster count. */
    private CopyChoice choice(StorePlace place, List<String> arguments) {
        var named = new CopyChoice(copies.cluster(), store.member(), Optional.empty()).or(place.cluster());
        return named.cluster().isPresent() || store.isFrom()
                ? named
                : new CopyChoice(Optional.empty(), named.member(), own(arguments));
    }

    private Optional<String> own(List<String> arguments) {
        try {
            return directory
                    .apply(arguments)
                    .filter(Files::isDirectory)
                    .flatMap(snapshots -> DirectoryListing.of(snapshots).newestRestorable())
                    .map(newest -> newest.checked().caFingerprint());
        } catch (DirectoryFailure unreadable) {
            return Optional.empty();
        }
    }

    private static Card.Place look(StorePlace place, CopyChoice choice) {
        try (var opened = place.store().get()) {
            var contents = OffsiteSource.contents(opened, place.prefix(), choice);
            var latest = choice.one(CopyName.LATEST, contents, opened.place(), _ -> {});
            var members = choice.of(contents).stream()
                    .map(copy -> copy.place().folder())
                    .filter(folder -> folder.cluster().equals(latest.folder().cluster()))
                    .map(folder -> folder.memberId())
                    .distinct()
                    .toList();
            var found = contents.copies().stream()
                    .filter(copy -> copy.place().equals(latest))
                    .findFirst()
                    .orElseThrow();
            return new Card.Place(
                    place,
                    opened.place(),
                    latest,
                    members,
                    found.facts().orElseThrow(),
                    found.files().isPresent());
        }
    }
}
