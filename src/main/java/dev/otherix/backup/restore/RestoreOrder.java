package dev.otherix.backup.restore;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be restored, and to where.
 *
 * @param file the snapshot; a link is followed
 * @param raw whether it is a copy of a member's own {@code snap/db}, which has no footer
 * @param revision the moment; empty: the snapshot's last
 * @param dataDirectory the member's
 * @param cluster the new one
 * @param member the name of the member that the directory is for
 * @param bump how far the revision is raised, 0 = not
 * @param owner who gets what is written; empty: whoever runs this, or as root the owner of the directory above
 * @param caDirectory where the cluster CA goes; empty: nowhere
 * @param caFingerprint the CA that the snapshot has to have; empty: any
 */
public record RestoreOrder(
        Path file,
        boolean raw,
        OptionalLong revision,
        Path dataDirectory,
        InitialCluster cluster,
        String member,
        long bump,
        Optional<Owner> owner,
        Optional<Path> caDirectory,
        Optional<String> caFingerprint,
        Allowed allowed) {

    /**
     * What a person has allowed, or demanded.
     *
     * @param moveOldAside whether an old data directory may be renamed
     * @param livePeers whether other members may be alive
     * @param dryRun whether everything is checked and nothing is written
     */
    public record Allowed(boolean moveOldAside, boolean livePeers, boolean dryRun) {}

    /** The same at an earlier moment. */
    public RestoreOrder at(long earlier) {
        return new RestoreOrder(
                file,
                raw,
                OptionalLong.of(earlier),
                dataDirectory,
                cluster,
                member,
                bump,
                owner,
                caDirectory,
                caFingerprint,
                allowed);
    }
}
