package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.StorePlace;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the places where copies are.
 *
 * @param configured those of the service, from settings as on its command line
 * @param named the one that options name
 * @param standardInput where an identity may come from
 */
public record OffsitePlaces(
        Function<List<String>, List<StorePlace>> configured,
        Function<FromUrl, StorePlace> named,
        InputStream standardInput) {

    /** No place. */
    public static final OffsitePlaces NONE = new OffsitePlaces(
            _ -> List.of(),
            url -> {
                throw new IllegalStateException("no place for " + url);
            },
            InputStream.nullInputStream());

    List<StorePlace> of(StoreOptions options, List<String> settings) {
        return options.places(settings, configured, named);
    }
}
