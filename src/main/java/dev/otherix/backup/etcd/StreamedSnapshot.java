package dev.otherix.backup.etcd;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that has passed through completely, and whose data had the SHA-256 that its footer names.
 *
 * @param dataBytes bytes of the database file, without the footer
 * @param fileBytes bytes handed to the sink: the data and the 32 bytes of the footer
 * @param dataSha256 SHA-256 of the data in lower-case hex, as the footer holds it
 * @param fileSha256 SHA-256 of the whole file in lower-case hex, as {@code sha256sum} prints it
 * @param storageVersion the storage version that the member told (3.6 and later), or null
 * @param duration from the request to the end of the stream
 */
public record StreamedSnapshot(
        long dataBytes,
        long fileBytes,
        String dataSha256,
        String fileSha256,
        @Nullable String storageVersion,
        Duration duration) {}
