package dev.otherix.backup.realetcd;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks one source after the other; the first that has etcd wins.
 *
 * @param sources in the order in which they are asked
 */
record EtcdHomeSearch(List<EtcdSource> sources) {

    /**
     * What was found.
     *
     * @param homes first the one that most tests run against
     * @param failure why there is none, empty when there is one
     * @param broken whether somebody asked for an etcd that is not there, which nobody may take for "none"
     */
    record Found(List<EtcdHome> homes, String failure, boolean broken) {

        Found {
            homes = List.copyOf(homes);
        }

        @Override
        public List<EtcdHome> homes() {
            if (broken) {
                throw new IllegalStateException(failure);
            }
            return homes;
        }

        EtcdHome first() {
            return homes().stream().findFirst().orElseThrow(() -> new IllegalStateException(failure));
        }

        String announcement() {
            return homes.isEmpty()
                    ? "Real etcd for tests: none. " + failure
                    : homes.stream()
                            .map(home -> home.version() + " from " + home.origin())
                            .collect(Collectors.joining("; ", "Real etcd for tests: ", ""));
        }
    }

    static EtcdHomeSearch ofThisMachine(Map<String, String> environment, HomeCache<EtcdHome> cache) {
        return new EtcdHomeSearch(List.of(
                new NamedDirectories(environment.getOrDefault("ETCD_HOMES", "")),
                new ContainerImage(cache, ContainerEngine::answers),
                new SearchPath(environment.getOrDefault("PATH", "")),
                new EtcdPackages(cache, Path.of("/etc/os-release"))));
    }

    Found run() {
        var tried = new ArrayList<String>();
        for (var source : sources) {
            try {
                return new Found(source.homes(), "", false);
            } catch (NoProgramException | UncheckedIOException nothing) {
                tried.add("- %s (%s)".formatted(source.howTo(), nothing.getMessage()));
            } catch (IllegalArgumentException wrong) {
                return new Found(List.of(), String.valueOf(wrong.getMessage()), true);
            }
        }
        return new Found(
                List.of(), "no etcd found; give one in any of these ways:\n" + String.join("\n", tried), false);
    }
}
