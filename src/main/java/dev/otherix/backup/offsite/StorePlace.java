package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Target;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where copies are, for those who look for them.
 *
 * @param prefix the beginning of all keys, without slashes at its ends
 * @param cluster the name of the installation that is meant where no other is named; empty: any
 * @param store opens it; whoever does that closes it
 */
public record StorePlace(Target target, String prefix, Optional<String> cluster, Supplier<ObjectStore> store) {}
