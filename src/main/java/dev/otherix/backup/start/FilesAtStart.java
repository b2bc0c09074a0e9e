package dev.otherix.backup.start;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.audit.AuditProperties;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.snapshot.FileSystemProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the file systems that a start cannot do without, each with a limit: a start that waits for one opens no port and
 * gives no reason.
 */
final class FilesAtStart {

    private final Duration limit;

    /** @param limit how long a start waits for each */
    FilesAtStart(Duration limit) {
        this.limit = limit;
    }

    /** @throws InvalidSetting if one does not answer */
    void require(Settings settings) {
        var access = settings.bind(AccessProperties.class);
        written("api.token_file", access.tokenFile());
        read("api.tokens_file", access.tokensFile());
        var tls = settings.bind(TlsProperties.class);
        read("api.tls.cert_file", tls.certFile());
        read("api.tls.key_file", tls.keyFile());
        read("api.tls.client_ca_file", tls.clientCaFile());
        written("audit.file", settings.bind(AuditProperties.class).file());
        read("cluster_ca.cert_file", settings.bind(ClusterCaProperties.class).certFile());
    }

    private void read(String key, @Nullable Path file) {
        if (file != null) {
            ask(key, file, () -> Files.exists(file));
        }
    }

    /** A disk that is frozen still answers who reads. */
    private void written(String key, @Nullable Path file) {
        read(key, file);
        var directory = file == null ? null : file.toAbsolutePath().getParent();
        if (file != null && directory != null) {
            ask(key, file, () -> FileSystemProbe.ask(directory));
        }
    }

    private void ask(String key, Path file, Runnable question) {
        try {
            CompletableFuture.runAsync(
                            question,
                            asked -> Thread.ofPlatform()
                                    .daemon()
                                    .name("file-at-start")
                                    .start(asked))
                    .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException late) {
            if (!(late.getCause() instanceof TimeoutException)) {
                throw late;
            }
            throw new InvalidSetting(
                    key,
                    file,
                    "has not answered for " + limit.toSeconds() + " s",
                    "Check the disk, or the server of the file system, and start the service again.");
        }
    }
}
