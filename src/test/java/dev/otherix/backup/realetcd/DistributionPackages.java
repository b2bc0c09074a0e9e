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

/**
 * Fetches packages of the distribution from the mirror that this machine uses, and unpacks programs out of them. Needs
 * no root and changes nothing of the machine's: the package lists are a throw-away directory of its own.
 *
 * @param wanted what is fetched
 * @param etcApt apt's configuration, {@code /etc/apt}
 * @param osRelease tells the distribution, {@code /etc/os-release}
 */
public record DistributionPackages<H>(HomeCache<H> cache, Wanted wanted, Path etcApt, Path osRelease) {

    /**
     * What is fetched.
     *
     * @param prefix of the name under which it is kept; tells apart what comes from one release
     * @param packages all of them must be there
     * @param programs what is taken out of their {@code /usr/bin}, where it is there
     * @param debianSuites the releases of Debian that are worth trying, newest first; empty for the machine's own
     */
    public record Wanted(String prefix, List<String> packages, List<String> programs, List<String> debianSuites) {}

    /** What an operator would do to make this way work. */
    public String howTo() {
        return "use a machine with apt whose mirror has the packages " + String.join(" and ", wanted.packages());
    }

    /**
     * The programs, fetched unless they were kept.
     *
     * @throws NoProgramException when this way leads nowhere here
     */
    public H home() {
        var distribution = distribution();
        return kept(distribution).orElseGet(() -> fetched(distribution));
    }

    /** A distribution's name, this machine's release of it, and the releases worth trying, newest first. */
    private record Distribution(String prefix, String name, String own, List<String> suites) {

        String cacheName(String suite) {
            return prefix + name + "-" + suite;
        }

        String origin(String suite) {
            return "the packages of " + name + " " + suite;
        }
    }

    private Distribution distribution() {
        if (!Files.isRegularFile(osRelease)) {
            throw new NoProgramException("no " + osRelease);
        }
        var release = new Properties();
        try (var in = Files.newBufferedReader(osRelease)) {
            release.load(in);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + osRelease, cause);
        }
        var name = release.getProperty("ID", "").replace("\"", "");
        var own = release.getProperty("VERSION_CODENAME", "").replace("\"", "");
        if (own.isEmpty()) {
            throw new NoProgramException("not a release with a name: '" + name + "'");
        }
        var choice = name.equals("debian") && !wanted.debianSuites().isEmpty();
        return new Distribution(wanted.prefix(), name, own, choice ? wanted.debianSuites() : List.of(own));
    }

    private Optional<H> kept(Distribution distribution) {
        return distribution.suites().stream()
                .flatMap(suite -> cache.get(distribution.cacheName(suite), distribution.origin(suite)).stream())
                .findFirst();
    }

    private H fetched(Distribution distribution) {
        var mirrors = AptSource.under(etcApt).stream()
                .filter(source -> source.suites().contains(distribution.own()))
                .toList();
        if (mirrors.isEmpty()) {
            throw new NoProgramException(
                    "no source of " + distribution.name() + " " + distribution.own() + " in " + etcApt);
        }
        var failures = new ArrayList<String>();
        for (var suite : distribution.suites()) {
            try {
                var sources = mirrors.stream().map(mirror -> mirror.line(suite)).toList();
                return cache.keep(
                        distribution.cacheName(suite), distribution.origin(suite), into -> fetch(sources, into));
            } catch (NoProgramException cause) {
                failures.add(suite + ": " + cause.getMessage());
            }
        }
        throw new NoProgramException(String.join("; ", failures));
    }

    private void fetch(List<String> sources, Path into) {
        try {
            var work = Files.createTempDirectory("packages-");
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

    private void download(List<String> sources, Path work) throws IOException {
        var list = Files.write(work.resolve("only.list"), sources);
        Files.createDirectories(work.resolve("lists/partial"));
        Files.createDirectories(work.resolve("cache/archives/partial"));
        apt(work, list, "update");
        var download = new ArrayList<String>(List.of("download"));
        download.addAll(wanted.packages());
        apt(work, list, download.toArray(String[]::new));
    }

    private static void apt(Path work, Path list, String... action) {
        // apt-get downloads into its working directory, and as root would do it as a user who may not write there
        var line = new ArrayList<String>(List.of(
                "env",
                "--chdir=" + work,
                "apt-get",
                "--quiet=2",
                "-o",
                "APT::Update::Error-Mode=any",
                "-o",
                "Dir::Etc::SourceList=" + list,
                "-o",
                "Dir::Etc::SourceParts=-",
                "-o",
                "Dir::Etc::Preferences=-",
                "-o",
                "Dir::Etc::PreferencesParts=-",
                "-o",
                "Dir::State::Lists=" + work.resolve("lists"),
                "-o",
                "Dir::Cache=" + work.resolve("cache"),
                "-o",
                "APT::Sandbox::User=root",
                "-o",
                "Acquire::Retries=2",
                "-o",
                "Acquire::Languages=none"));
        line.addAll(List.of(action));
        var result = new Command(line, Map.of("LC_ALL", "C"), Duration.ofMinutes(5)).run();
        if (result.exitCode() != 0) {
            throw new NoProgramException("apt-get " + action[0] + " fails: " + lastLine(result.errors()));
        }
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (before, last) -> last);
    }

    private void unpack(Path work, Path into) throws IOException {
        var root = work.resolve("root");
        try (var files = Files.list(work)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".deb")).toList()) {
                Command.of("dpkg-deb", "--extract", file.toString(), root.toString())
                        .output();
            }
        }
        for (var program : wanted.programs()) {
            var unpacked = root.resolve("usr/bin").resolve(program);
            if (Files.isRegularFile(unpacked)) {
                Files.copy(unpacked, into.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
