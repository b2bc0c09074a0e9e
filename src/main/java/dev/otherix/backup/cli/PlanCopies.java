package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Candidate;
import dev.otherix.backup.restore.ShellWord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The copies among the snapshots that a plan may choose from: they are fetched for a while. */
final class PlanCopies implements AutoCloseable {

    /** Where a host that is restored gets the file. */
    private static final Path ON_HOST = Path.of("/root");

    private final OffsiteSources sources;
    private final StoreOptions store;
    private final IdentityOption identity;
    private final ClusterOptions clusters;
    private final List<String> settings;
    private final Map<Path, FetchedAside> fetched = new LinkedHashMap<>();

    PlanCopies(
            OffsiteSources sources,
            StoreOptions store,
            IdentityOption identity,
            ClusterOptions clusters,
            List<String> settings) {
        this.sources = sources;
        this.store = store;
        this.identity = identity;
        this.clusters = clusters;
        this.settings = settings;
    }

    /** The same paths, with the file of each copy in the place of its name. */
    List<Path> files(List<Path> named) {
        if (named.stream().noneMatch(path -> CopyName.ofSource(path).isPresent())) {
            SourceOptions.requireUnused(store.unused() && !identity.given() && settings.isEmpty());
            return named;
        }
        var choice = new CopyChoice(clusters.cluster(), store.member(), clusters.caFingerprint());
        var source = sources.of(store, identity, choice, settings);
        return named.stream()
                .map(path ->
                        CopyName.ofSource(path).map(copy -> fetch(source, copy)).orElse(path))
                .toList();
    }

    private Path fetch(OffsiteSource source, CopyName copy) {
        var aside = FetchedAside.in(Path.of(System.getProperty("java.io.tmpdir")), source, copy);
        fetched.put(aside.file(), aside);
        return aside.file();
    }

    boolean isCopy(Path file) {
        return fetched.containsKey(file);
    }

    /** What a person calls the file. */
    String shown(Path file) {
        return isCopy(file) ? "offsite:" + file.getFileName() : file.toString();
    }

    /** Where the file is on a host that fetches it. */
    static Path onHost(Candidate snapshot) {
        return ON_HOST.resolve(snapshot.name());
    }

    /** The command that a host fetches it with; empty for a file. */
    Optional<String> command(Candidate snapshot) {
        if (!isCopy(snapshot.path())) {
            return Optional.empty();
        }
        var words = new ArrayList<String>(
                List.of("otherix-etcd-backup", "offsite", "fetch", snapshot.name(), "--out", ON_HOST.toString()));
        words.addAll(options());
        return Optional.of(words.stream().map(ShellWord::of).collect(Collectors.joining(" ")));
    }

    /** The options that say where a copy is and what opens it, for another command. */
    List<String> options() {
        var words = new ArrayList<String>();
        if (!fetched.isEmpty()) {
            words.addAll(store.words());
            clusters.cluster().ifPresent(cluster -> words.addAll(List.of("--cluster", cluster)));
            words.addAll(identity.words());
            words.addAll(settings);
        }
        return words;
    }

    @Override
    public void close() {
        fetched.values().forEach(FetchedAside::close);
    }
}
