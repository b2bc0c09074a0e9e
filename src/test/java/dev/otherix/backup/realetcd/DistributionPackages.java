package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Fetches the distribution's etcd-server and etcd-client from the mirror that this machine uses, and unpacks them. Needs
 * no root and changes nothing of the machine's: the package lists are a throw-away directory of its own.
 *
 * @param etcApt    apt's configuration, {@code /etc/apt}
 * @param osRelease tells the distribution, {@code /etc/os-release}
 */
record DistributionPackages(HomeCache cache, Path etcApt, Path osRelease) implements EtcdSource {

    private static final List<String> PACKAGES = List.of("etcd-server", "etcd-client");
    private static final List<String> DEBIAN_SUITES = List.of("forky", "trixie", "bookworm");

    @Override
    public String howTo() {
        return "use a machine with apt whose mirror has the packages " + String.join(" and ", PACKAGES);
    }

    @Override
    public List<EtcdHome> homes() {
        Distribution distribution = distribution();
        return List.of(kept(distribution).orElseGet(() -> fetched(distribution)));
    }

    /** A distribution's name, this machine's release of it, and the releases worth trying, newest first. */
    private record Distribution(String name, String own, List<String> suites) {

        String cacheName(String suite) {
            return name + "-" + suite;
        }

        String origin(String suite) {
            return "the packages of " + name + " " + suite;
        }
    }

    private Distribution distribution() {
        if (!Files.isRegularFile(osRelease)) {
            throw new NoEtcdException("no " + osRelease);
        }
        Properties release = new Properties();
        try (var in = Files.newBufferedReader(osRelease)) {
            release.load(in);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + osRelease, cause);
        }
        String name = release.getProperty("ID", "").replace("\"", "");
        String own = release.getProperty("VERSION_CODENAME", "").replace("\"", "");
        if (own.isEmpty()) {
            throw new NoEtcdException("not a release with a name: '" + name + "'");
        }
        return new Distribution(name, own, name.equals("debian") ? DEBIAN_SUITES : List.of(own));
    }

    private Optional<EtcdHome> kept(Distribution distribution) {
        return distribution.suites().stream()
                .flatMap(suite -> cache.get(distribution.cacheName(suite), distribution.origin(suite)).stream())
                .findFirst();
    }

    private EtcdHome fetched(Distribution distribution) {
        List<AptSource> mirrors = AptSource.under(etcApt).stream()
                .filter(source -> source.suites().contains(distribution.own()))
                .toList();
        if (mirrors.isEmpty()) {
            throw new NoEtcdException("no source of " + distribution.name() + " " + distribution.own() + " in " + etcApt);
        }
        List<String> failures = new ArrayList<>();
        for (String suite : distribution.suites()) {
            try {
                List<String> sources = mirrors.stream().map(mirror -> mirror.line(suite)).toList();
                return cache.keep(
                        distribution.cacheName(suite), distribution.origin(suite), into -> fetch(sources, into));
            } catch (NoEtcdException cause) {
                failures.add(suite + ": " + cause.getMessage());
            }
        }
        throw new NoEtcdException(String.join("; ", failures));
    }

    private static void fetch(List<String> sources, Path into) {
        try {
            Path work = Files.createTempDirectory("etcd-packages-");
            try {
                download(sources, work);
                unpack(work, into);
            } finally {
                HomeCache.deleteTree(work);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot fetch packages", cause);
        }
    }

    private static void download(List<String> sources, Path work) throws IOException {
        Path list = Files.write(work.resolve("only.list"), sources);
        Files.createDirectories(work.resolve("lists/partial"));
        Files.createDirectories(work.resolve("cache/archives/partial"));
        apt(work, list, "update");
        List<String> download = new ArrayList<>(List.of("download"));
        download.addAll(PACKAGES);
        apt(work, list, download.toArray(String[]::new));
    }

    private static void apt(Path work, Path list, String... action) {
        // apt-get downloads into its working directory, and as root would do it as a user who may not write there
        List<String> line = new ArrayList<>(List.of(
                "env", "--chdir=" + work, "apt-get", "--quiet=2",
                "-o", "APT::Update::Error-Mode=any",
                "-o", "Dir::Etc::SourceList=" + list,
                "-o", "Dir::Etc::SourceParts=-",
                "-o", "Dir::Etc::Preferences=-",
                "-o", "Dir::Etc::PreferencesParts=-",
                "-o", "Dir::State::Lists=" + work.resolve("lists"),
                "-o", "Dir::Cache=" + work.resolve("cache"),
                "-o", "APT::Sandbox::User=root",
                "-o", "Acquire::Retries=2",
                "-o", "Acquire::Languages=none"));
        line.addAll(List.of(action));
        Command.Result result = new Command(line, Map.of("LC_ALL", "C"), Duration.ofMinutes(5)).run();
        if (result.exitCode() != 0) {
            throw new NoEtcdException("apt-get " + action[0] + " fails: " + lastLine(result.errors()));
        }
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (before, last) -> last);
    }

    private static void unpack(Path work, Path into) throws IOException {
        Path root = work.resolve("root");
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".deb")).toList()) {
                Command.of("dpkg-deb", "--extract", file.toString(), root.toString()).output();
            }
        }
        for (String program : List.of("etcd", "etcdctl", "etcdutl")) {
            Path unpacked = root.resolve("usr/bin").resolve(program);
            if (Files.isRegularFile(unpacked)) {
                Files.copy(unpacked, into.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
