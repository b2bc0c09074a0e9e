package dev.otherix.backup.audit;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code audit}.
 *
 * @param file file of the audit log, an absolute path; null = standard output
 */
@Block("audit")
public record AuditProperties(@Nullable Path file) {

    public AuditProperties {
        // the names of rotated files are a pattern, in which % is special
        if (file != null && (!file.isAbsolute() || file.toString().contains("%"))) {
            throw new InvalidSetting(
                    "audit.file",
                    file,
                    "is not an absolute path without %",
                    "Write the whole path, for example /var/log/otherix-backup/audit.log.");
        }
    }
}
