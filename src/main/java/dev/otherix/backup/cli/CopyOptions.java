package dev.otherix.backup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation's copies count. */
final class CopyOptions {

    @Option(
            names = "--cluster",
            paramLabel = "C",
            description = "only copies of this cluster: its name in the store, as offsite list shows it")
    private @Nullable String cluster;

    Optional<String> cluster() {
        return Optional.ofNullable(cluster);
    }

    List<String> words() {
        return cluster == null ? new ArrayList<>() : List.of("--cluster", cluster);
    }
}
