package dev.otherix.backup.restore;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a restore made.
 *
 * @param dataDirectory of the member
 * @param member the one that it is for
 * @param revision of the snapshot, or of the moment in it; without the bump
 * @param earlier whether that is an earlier moment than the snapshot's last
 * @param bumped the revision at which the cluster goes on, the same without a bump
 * @param liveKeys at that revision
 * @param hashKv etcd's HashKV at that revision and the snapshot's compact revision
 * @param sha256 of the snapshot, lower-case hex
 * @param caFingerprint of the cluster CA that is active in the snapshot; empty if there is none
 * @param etcdVersion the version that wrote it, or the first line that starts with it; empty if neither is known
 * @param takenAt when the snapshot was taken; empty if no record says it
 * @param owner who has it now; empty: the user who ran the restore
 * @param notes what a person has to know, a sentence each
 */
public record Restored(
        Path dataDirectory,
        InitialCluster cluster,
        InitialCluster.Member member,
        long revision,
        boolean earlier,
        long bumped,
        long liveKeys,
        long hashKv,
        String sha256,
        Optional<String> caFingerprint,
        Optional<String> etcdVersion,
        Optional<Instant> takenAt,
        Optional<Owner> owner,
        List<String> notes) {}
