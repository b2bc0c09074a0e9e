package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where copies are, for those who look for them.
 *
 * @param prefix the beginning of all keys, without slashes at its ends
 * @param cluster the name of the installation that is meant where no other is named; empty: any
 * @param options the words of a command that name the place from anywhere, without a configuration
 * @param recipients who can open copies that are made now, {@code age1...}; none if that is not known
 * @param store opens it; whoever does that closes it
 */
public record StorePlace(
        Target target,
        String prefix,
        Optional<String> cluster,
        List<String> options,
        List<String> recipients,
        Supplier<ObjectStore> store) {

    public StorePlace {
        options = List.copyOf(options);
        recipients = List.copyOf(recipients);
    }
}
