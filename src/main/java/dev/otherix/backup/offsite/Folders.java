package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Snapshot;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the folder of each snapshot.
 *
 * @param cluster the name of the installation; null = from the CA of each snapshot
 */
record Folders(String prefix, @Nullable String cluster) {

    private static final int HEX_DIGITS = 16;
    private static final String SHA256 = "sha256:";

    /**
     * The folder of {@code snapshot}; empty if it is not known which member it is of. A file that this service did not
     * take counts as one of the member that the newest other one is of.
     *
     * @param newestFirst all snapshots
     */
    Optional<Folder> of(Snapshot snapshot, List<Snapshot> newestFirst) {
        var member = Optional.ofNullable(snapshot.etcd())
                .or(() -> newestFirst.stream()
                        .map(Snapshot::etcd)
                        .filter(Objects::nonNull)
                        .findFirst());
        return member.map(facts -> new Folder(prefix, name(snapshot, facts), facts.memberId()));
    }

    private String name(Snapshot snapshot, MemberFacts facts) {
        if (cluster != null) {
            return cluster;
        }
        var ca = snapshot.checked().caFingerprint();
        return ca != null && ca.startsWith(SHA256) && ca.length() >= SHA256.length() + HEX_DIGITS
                ? "ca-" + ca.substring(SHA256.length(), SHA256.length() + HEX_DIGITS)
                : "etcd-" + facts.clusterId();
    }
}
