package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * @param osRelease tells the distribution, {@code /etc/os-release}
 */
public record DistributionPackages<H>(HomeCache<H> cache, Wanted wanted, Path osRelease) {

    // apt knows the mirror, also where it has no list of it yet. The release to take need not be this machine's. As
    // root,
    // apt would download as a user who may not write here
    private static final String FETCH = """
            into=$1 name=$2 own=$3 suite=$4 programs=$5
            shift 5
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT
            cd "$work"
            mkdir -p lists/partial archives/partial
            keyring=/usr/share/keyrings/$name-archive-keyring.gpg
            [ ! -f "$keyring" ] || signed="[signed-by=$keyring]"
            apt-get indextargets --no-release-info --format "deb ${signed-} \\$(REPO_URI) $suite \\$(COMPONENT)" \
                'Created-By: Packages' "Release: $own" | sort -u >only.list
            [ -s only.list ] || { echo "apt has no source of $name $own" >&2; exit 1; }
            apt() {
                apt-get -q=2 -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root -o Acquire::Retries=2 \
                    -o Acquire::Languages=none -o Dir::Etc::SourceList="$work/only.list" -o Dir::Etc::SourceParts=- \
                    -o Dir::Etc::Preferences=- -o Dir::Etc::PreferencesParts=- \
                    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" "$@"
            }
            apt update
            apt download "$@"
            for deb in *.deb; do dpkg-deb --extract "$deb" root; done
            for program in $programs; do
                [ ! -f "root/usr/bin/$program" ] || cp -p "root/usr/bin/$program" "$into/"
            done
            """;

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
        var failures = new ArrayList<String>();
        for (var suite : distribution.suites()) {
            try {
                return cache.keep(
                        distribution.cacheName(suite),
                        distribution.origin(suite),
                        into -> fetch(distribution, suite, into));
            } catch (NoProgramException cause) {
                failures.add(suite + ": " + cause.getMessage());
            }
        }
        throw new NoProgramException(String.join("; ", failures));
    }

    private void fetch(Distribution distribution, String suite, Path into) {
        var line = new ArrayList<>(List.of("sh", "-euc", FETCH, "fetch"));
        line.addAll(List.of(into.toString(), distribution.name(), distribution.own(), suite));
        line.add(String.join(" ", wanted.programs()));
        line.addAll(wanted.packages());
        var result = new Command(line, Map.of("LC_ALL", "C"), Duration.ofMinutes(5)).run();
        if (result.exitCode() != 0) {
            throw new NoProgramException(lastLine(result.errors()));
        }
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (before, last) -> last);
    }
}
