package dev.otherix.backup.check;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.SharedWithOtherix;
import java.nio.file.Path;

/**
 * The block {@code cluster_ca}.
 *
 * @param certFile the on-disk cluster CA that snapshots are compared with; the file may be missing
 */
@Block("cluster_ca")
public record ClusterCaProperties(
        @SharedWithOtherix @Default("/var/lib/otherix/ca/cluster-ca.crt")
        Path certFile) {}
