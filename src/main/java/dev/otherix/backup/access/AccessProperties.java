package dev.otherix.backup.access;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the block {@code api} says of tokens.
 *
 * @param tokensFile YAML with the tokens that are known, as hashes; null where the one of {@code tokenFile} is the only
 *     one
 * @param tokenFile holds the text of one token: what the commands present, and without {@code tokensFile} the one that
 *     the service makes at its first start
 */
@Block("api")
public record AccessProperties(
        @Nullable Path tokensFile,
        @Default("/var/lib/otherix-backup/api-token") Path tokenFile) {}
