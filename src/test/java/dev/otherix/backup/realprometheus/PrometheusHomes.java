package dev.otherix.backup.realprometheus;

import dev.otherix.backup.realetcd.DistributionPackages;
import dev.otherix.backup.realetcd.HomeCache;
import dev.otherix.backup.realetcd.NoProgramException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The real Prometheus of this machine, looked for once per JVM: what is on {@code PATH}, else the distribution's
 * package, which is fetched and kept as etcd's are. What was found is said on standard output.
 */
public final class PrometheusHomes {

    private static final DistributionPackages.Wanted WANTED = new DistributionPackages.Wanted(
            "prometheus-", List.of("prometheus"), List.of("prometheus", "promtool"), List.of());

    private PrometheusHomes() {}

    /**
     * The one to use.
     *
     * @throws IllegalStateException when there is none
     */
    public static PrometheusHome first() {
        return Once.FOUND.home().orElseThrow(() -> new IllegalStateException(Once.FOUND.failure()));
    }

    /** Why there is none; empty where there is one. */
    static Optional<String> missing() {
        return Once.FOUND.home().isPresent()
                ? Optional.empty()
                : Optional.of("needs Prometheus: " + Once.FOUND.failure());
    }

    private record Found(Optional<PrometheusHome> home, String failure) {

        String announcement() {
            return "Real Prometheus for tests: "
                    + home.map(found -> found.version() + " from " + found.origin())
                            .orElse("none. " + failure);
        }
    }

    private static final class Once {
        static final Found FOUND = announced(find(System.getenv().getOrDefault("PATH", "")));

        private static Found find(String path) {
            return Arrays.stream(path.split(":"))
                    .filter(entry -> !entry.isBlank())
                    .map(Path::of)
                    .filter(dir -> Files.isExecutable(dir.resolve("prometheus"))
                            && Files.isExecutable(dir.resolve("promtool")))
                    .findFirst()
                    .map(dir -> new Found(Optional.of(PrometheusHome.in(dir, "PATH, " + dir)), ""))
                    .orElseGet(Once::fetched);
        }

        private static Found fetched() {
            var cache = new HomeCache<>(
                    HomeCache.directory(System.getenv(), Path.of(System.getProperty("user.home"))), PrometheusHome::in);
            var packages = new DistributionPackages<>(cache, WANTED, Path.of("/etc/os-release"));
            try {
                return new Found(Optional.of(packages.home()), "");
            } catch (NoProgramException | UncheckedIOException nothing) {
                return new Found(
                        Optional.empty(), "none on PATH; " + packages.howTo() + " (" + nothing.getMessage() + ")");
            }
        }

        private static Found announced(Found found) {
            System.out.println(found.announcement());
            return found;
        }
    }
}
