package dev.otherix.backup.restore;

import dev.otherix.backup.history.NamedMoment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What is to be restored, and to where.
 *
 * @param file the snapshot; a link is followed
 * @param raw whether it is a copy of a member's own {@code snap/db}, which has no footer
 * @param revision of the moment
 * @param moment as a person named it; empty: the snapshot's last
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
        Optional<NamedMoment> moment,
        Path dataDirectory,
        InitialCluster cluster,
        String member,
        long bump,
        Optional<Owner> owner,
        Optional<Path> caDirectory,
        Optional<String> caFingerprint,
        Allowed allowed) {

    private static final Pattern NAME = Pattern.compile("[^,=\\p{Cntrl}]+");

    /** @throws IllegalArgumentException if it can never be done; the message is a sentence about the option */
    public RestoreOrder {
        if (dataDirectory.toString().isEmpty()) {
            throw new IllegalArgumentException("--data-dir is empty");
        }
        if (!NAME.matcher(member).matches()) {
            throw new IllegalArgumentException(
                    "--name " + member + ": it is a text without comma, equals sign and control characters");
        }
        if (caDirectory.map(directory -> directory.toString().isEmpty()).orElse(false)) {
            throw new IllegalArgumentException("--ca-dir is empty");
        }
        var data = dataDirectory.toAbsolutePath().normalize();
        if (caDirectory
                .map(directory -> directory.toAbsolutePath().normalize().startsWith(data))
                .orElse(false)) {
            throw new IllegalArgumentException(
                    "--ca-dir " + caDirectory.get() + ": it is in the data directory, which the restore replaces");
        }
    }

    /**
     * What a person has allowed, or demanded.
     *
     * @param moveOldAside whether an old data directory may be renamed
     * @param livePeers whether other members may be alive
     * @param dryRun whether everything is checked and nothing is written
     */
    public record Allowed(boolean moveOldAside, boolean livePeers, boolean dryRun) {}

    /** The same of another file. */
    public RestoreOrder of(Path other) {
        return new RestoreOrder(
                other,
                raw,
                revision,
                moment,
                dataDirectory,
                cluster,
                member,
                bump,
                owner,
                caDirectory,
                caFingerprint,
                allowed);
    }

    /** The same at an earlier moment. @param its revision, as far as is known before the snapshot is proven */
    public RestoreOrder at(NamedMoment earlier, long its) {
        return new RestoreOrder(
                file,
                raw,
                OptionalLong.of(its),
                Optional.of(earlier),
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
