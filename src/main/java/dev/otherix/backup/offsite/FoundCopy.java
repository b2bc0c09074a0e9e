package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Copy;
import java.util.Optional;

/**
 * A copy in a store, as a look at the list of objects and at its record shows it.
 *
 * @param facts empty if its record cannot be used
 * @param state {@code copied}: the object is there with the recorded size, and was not read
 * @param problem what is wrong with it; empty if nothing is
 * @param files the files beside it; empty if there are none
 */
public record FoundCopy(
        Folder.Place place,
        Optional<CopyFacts> facts,
        Copy.State state,
        Optional<String> problem,
        Optional<BesideIt> files) {

    /**
     * An object with the files beside a copy.
     *
     * @param sizeBytes as the store lists it
     */
    public record BesideIt(String key, long sizeBytes) {}

    /** Whether it can be fetched, as far as is known without reading it. */
    public boolean whole() {
        return state == Copy.State.COPIED && facts.isPresent();
    }
}
