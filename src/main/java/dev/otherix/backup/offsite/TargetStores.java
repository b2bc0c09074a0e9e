package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The stores that copies go to. */
record TargetStores(List<ObjectStore> all) implements AutoCloseable {

    TargetStores {
        all = List.copyOf(all);
    }

    Set<Target> targets() {
        return all.stream().map(ObjectStore::target).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        all.forEach(ObjectStore::close);
    }
}
