package dev.otherix.backup.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Fetches copies for commands that take a file. */
final class OffsiteSources {

    private final PastFiles files;
    private final OffsitePlaces places;
    private final Clock clock;

    OffsiteSources(PastFiles files, OffsitePlaces places, Clock clock) {
        this.files = files;
        this.places = places;
        this.clock = clock;
    }

    /**
     * The place that the options name, and what opens the copies there.
     *
     * @param settings of the service
     */
    OffsiteSource of(StoreOptions store, IdentityOption identity, CopyChoice choice, List<String> settings) {
        var place = StoreOptions.only(places.of(store, settings));
        return new OffsiteSource(files, clock, place, choice, identity.read(places.standardInput()));
    }

    /** Fetches a copy for a while, into Java's temporary directory. */
    FetchedAside aside(CopyName name, SourceOptions options) {
        return FetchedAside.in(Path.of(System.getProperty("java.io.tmpdir")), of(options), name);
    }

    OffsiteSource of(SourceOptions options) {
        return of(options, Optional.empty());
    }

    /** @param caFingerprint of the cluster CA that a copy has to have */
    OffsiteSource of(SourceOptions options, Optional<String> caFingerprint) {
        return of(options.store(), options.identity(), options.choice(caFingerprint), options.settings());
    }
}
