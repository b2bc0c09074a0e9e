package dev.otherix.backup.etcd;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.CertifiedKey;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Loopback;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.config.SecretFile;
import dev.otherix.backup.config.SharedWithOtherix;
import dev.otherix.backup.config.UnreadableFile;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code etcd}: the one local member, and what it requires of a client. When this record was made, each named
 * file was readable and had the right content, and files with secrets were closed to other users.
 *
 * @param clientUrl http or https with host and port, nothing else; plain http only to loopback
 * @param caFile PEM of the CA that signed the member's certificate; only with https
 * @param certFile PEM of the client certificate; only with https and {@code keyFile}
 * @param keyFile PEM of its private key
 * @param username etcd user; only with {@code passwordFile}
 * @param passwordFile file holding that user's password
 */
@Block("etcd")
public record EtcdProperties(
        @SharedWithOtherix @Default("http://127.0.0.1:2379") URI clientUrl,
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable String username,
        @Nullable Path passwordFile) {

    private static final String URL_FIX =
            "Write the local member's URL, one only, as scheme, host and port: http://127.0.0.1:2379.";

    public EtcdProperties {
        var problem = problemOf(clientUrl);
        if (problem != null) {
            throw new InvalidSetting("etcd.client_url", withoutUserInfo(clientUrl), problem, URL_FIX);
        }
        if (isPlain(clientUrl) && !Loopback.contains(clientUrl.getHost())) {
            throw new InvalidSetting(
                    "etcd.client_url",
                    clientUrl,
                    "is plain http to a host that is not loopback",
                    "Use the local member's loopback URL (http://127.0.0.1:2379), or https.");
        }
        together("etcd.cert_file", certFile, "etcd.key_file", keyFile);
        together("etcd.username", username, "etcd.password_file", passwordFile);
        needsTls(clientUrl, "etcd.ca_file", caFile);
        needsTls(clientUrl, "etcd.cert_file", certFile);
        readable("etcd.ca_file", caFile);
        readable("etcd.cert_file", certFile);
        readable("etcd.key_file", keyFile);
        readable("etcd.password_file", passwordFile);
        secret("etcd.key_file", keyFile);
        secret("etcd.password_file", passwordFile);
        certificates(caFile);
        certifiedKey(certFile, keyFile);
    }

    /** The CAs that are in {@code ca_file} now; empty if it is not set. */
    List<X509Certificate> authorities() {
        return certificates(caFile);
    }

    /** The client certificate and its key, as they are in their files now; empty if none is set. */
    Optional<CertifiedKey> own() {
        return certifiedKey(certFile, keyFile);
    }

    private static List<X509Certificate> certificates(@Nullable Path caFile) {
        return caFile == null ? List.of() : new PemFile("etcd.ca_file", caFile).certificates();
    }

    private static Optional<CertifiedKey> certifiedKey(@Nullable Path certFile, @Nullable Path keyFile) {
        return certFile == null || keyFile == null
                ? Optional.empty()
                : Optional.of(CertifiedKey.read(
                        new PemFile("etcd.cert_file", certFile), new PemFile("etcd.key_file", keyFile)));
    }

    private static @Nullable String problemOf(URI url) {
        var scheme = url.getScheme();
        if (url.toString().contains(",")) {
            return "names more than one URL";
        }
        if (scheme == null || !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            return "is neither an http nor an https URL";
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            return "holds a user or password, which belong in etcd.username and etcd.password_file";
        }
        if (url.getHost() == null) {
            var authority = url.getRawAuthority();
            return authority != null && authority.contains("_")
                    ? "has an underscore in its host name, which no name of a host may have"
                    : "has no valid host";
        }
        if (url.getPort() < 1 || url.getPort() > 65535) {
            return "has no valid port";
        }
        var bare = url.getPath().isEmpty() || url.getPath().equals("/");
        return bare && url.getQuery() == null && url.getFragment() == null ? null : "has more than host and port";
    }

    private static void together(String key, @Nullable Object value, String otherKey, @Nullable Object other) {
        if (value != null && other == null) {
            throw new InvalidSetting(key, value, "is set without " + otherKey, "Set both, or neither.");
        }
        if (value == null && other != null) {
            throw new InvalidSetting(otherKey, other, "is set without " + key, "Set both, or neither.");
        }
    }

    private static void needsTls(URI clientUrl, String key, @Nullable Path file) {
        if (file != null && isPlain(clientUrl)) {
            throw new InvalidSetting(
                    key,
                    file,
                    "has no effect with the plain etcd.client_url " + clientUrl,
                    "Write etcd.client_url with https, or remove " + key + ".");
        }
    }

    private static void readable(String key, @Nullable Path file) {
        if (file == null) {
            return;
        }
        UnreadableFile.of(file).ifPresent(unreadable -> {
            throw new InvalidSetting(key, file, unreadable);
        });
    }

    private static void secret(String key, @Nullable Path file) {
        if (file != null) {
            SecretFile.check(key, file);
        }
    }

    private static boolean isPlain(URI url) {
        return "http".equalsIgnoreCase(url.getScheme());
    }

    private static String withoutUserInfo(URI url) {
        return url.toString().replaceFirst("//.*@", "//***@");
    }
}
