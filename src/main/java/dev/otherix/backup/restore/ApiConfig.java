package dev.otherix.backup.restore;

import dev.otherix.backup.config.InTime;
import dev.otherix.backup.config.Setting;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.config.YamlFile;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a restore takes from otherix-api's own api.yaml: the member's name, its data directory, its peer URL, and where
 * the cluster CA is. No other key is looked at, and none that is not asked for: a flag makes up for a wrong one.
 *
 * <p>A key that is not there, or is empty, has otherix's default. Each value comes with its source.
 */
public final class ApiConfig {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final String CERTIFICATE = "cluster-ca.crt";
    private static final String AUTO = "auto";
    private static final int PEER_PORT = 2380;

    private final @Nullable Path file;
    private final List<Setting> settings;

    private ApiConfig(@Nullable Path file, List<Setting> settings) {
        this.file = file;
        this.settings = settings;
    }

    /**
     * A value.
     *
     * @param source where it comes from: {@code etcd.name in /etc/otherix/api.yaml}, or {@code otherix's default}
     */
    public record Sourced<T>(T value, String source) {}

    /** Without a file: otherix's defaults. */
    public static ApiConfig defaults() {
        return new ApiConfig(null, List.of());
    }

    /** @throws UnusableConfigFile if it cannot be read, or is no YAML document that maps keys to values */
    public static ApiConfig read(Path file) {
        try {
            return new ApiConfig(file, InTime.ask(LONGEST_ANSWER, () -> YamlFile.read(file)));
        } catch (TimeoutException hangs) {
            throw new UnusableConfigFile(
                    file,
                    null,
                    "has not answered for " + LONGEST_ANSWER.toSeconds() + " s",
                    "Check the disk, or the server of the file system, then try again.",
                    hangs);
        }
    }

    /** The member's name, {@code etcd.name}. */
    public Sourced<String> name() {
        return text("etcd.name").orElse(new Sourced<>("otherix-0", "otherix's default"));
    }

    /** The member's data directory, {@code etcd.data_dir}. */
    public Sourced<Path> dataDirectory() {
        return path("etcd.data_dir", "/var/lib/otherix/etcd");
    }

    /** The member's peer URL as it is written, {@code etcd.peer_url}; empty for {@code auto}, which is the default. */
    public Optional<Sourced<String>> peerUrl() {
        return text("etcd.peer_url").filter(url -> !url.value().equals(AUTO));
    }

    /** The file of the cluster CA's certificate, {@code cluster_ca.cert_file}. */
    public Sourced<Path> caCertificate() {
        return path("cluster_ca.cert_file", "/var/lib/otherix/ca/" + CERTIFICATE);
    }

    /**
     * The directory of that file.
     *
     * @throws UnusableConfigFile if the file has another name than the one that a restore writes
     */
    public Sourced<Path> caDirectory() {
        var certificate = caCertificate();
        var directory = certificate.value().getParent();
        if (directory == null || !certificate.value().endsWith(CERTIFICATE)) {
            throw refused(
                    "cluster_ca.cert_file",
                    "names a file that is not called " + CERTIFICATE,
                    "Give --ca-dir, then rename the two files to what api.yaml names.");
        }
        return new Sourced<>(directory, certificate.source());
    }

    /**
     * What {@code etcd.peer_url: auto} may stand for on this host: a URL for the IPv4 address of each interface that is
     * up and not loopback.
     */
    public static List<String> peerUrlCandidates() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(ApiConfig::isUpAndReachable)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .map(InetAddress::getHostAddress)
                    .sorted()
                    .map(address -> "https://" + address + ":" + PEER_PORT)
                    .toList();
        } catch (SocketException unknown) {
            return List.of();
        }
    }

    private static boolean isUpAndReachable(NetworkInterface one) {
        try {
            return one.isUp() && !one.isLoopback();
        } catch (SocketException gone) {
            return false;
        }
    }

    private Sourced<Path> path(String key, String otherwise) {
        var found = text(key).orElse(new Sourced<>(otherwise, "otherix's default"));
        try {
            var path = Path.of(found.value());
            if (path.isAbsolute()) {
                return new Sourced<>(path, found.source());
            }
        } catch (InvalidPathException malformed) {
            // no path is no absolute path
        }
        throw refused(key, "is no absolute path", "Write it with its first slash.");
    }

    private Optional<Sourced<String>> text(String key) {
        var block = key.substring(0, key.indexOf('.'));
        for (var setting : settings) {
            var found = setting.key();
            if (found.startsWith(key + "[") || found.startsWith(key + ".")) {
                throw refused(setting, key, "is a list or a block, not a text", "Write it as " + key + " in one line.");
            }
            if (found.startsWith(block + "[")
                    || found.equals(block) && !setting.text().isEmpty()) {
                throw refused(setting, block, "is not a block of keys", "Write its keys below it, indented.");
            }
        }
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .filter(setting -> !setting.text().isBlank())
                .map(setting -> new Sourced<>(setting.text(), key + " in " + file))
                .findFirst();
    }

    private UnusableConfigFile refused(String key, String problem, String fix) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .map(setting -> refused(setting, key, problem, fix))
                .findFirst()
                .orElseThrow();
    }

    /** Does not show the value: the file may hold secrets in the wrong place. */
    private UnusableConfigFile refused(Setting setting, String key, String problem, String fix) {
        var line = Integer.valueOf(setting.source().replaceFirst("^.* ", ""));
        return new UnusableConfigFile(
                Path.of(String.valueOf(file)), line, "is wrong: " + key + " " + problem, fix, null);
    }
}
