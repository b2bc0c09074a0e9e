package dev.otherix.backup.access;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the block {@code api} for tokens.
 *
 * @param tokensFile YAML with the known tokens, as hashes; null if the one in {@code tokenFile} is the only one
 * @param tokenFile holds the text of one token, which the commands present; without {@code tokensFile} the service
 *     makes it at its first start
 */
@Block("api")
public record AccessProperties(
        @Nullable Path tokensFile,
        @Default("/var/lib/otherix-backup/api-token") Path tokenFile) {}
