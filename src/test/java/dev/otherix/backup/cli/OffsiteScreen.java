package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Runs commands on one configured store. */
final class OffsiteScreen {

    private final LyingStore store;

    OffsiteScreen(LyingStore store) {
        this.store = store;
    }

    OfflineScene run(String... args) {
        return typing("", args);
    }

    /** @param input what is on standard input */
    OfflineScene typing(String input, String... args) {
        var place = new StorePlace(
                Target.S3,
                "otherix-etcd-backup",
                Optional.empty(),
                List.of("--from", "s3://a-bucket"),
                List.of(),
                () -> store);
        return OfflineScene.offsite(
                new OffsitePlaces(
                        settings -> List.of(place),
                        url -> {
                            throw new AssertionError("no --from was given");
                        },
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII))),
                args);
    }
}
