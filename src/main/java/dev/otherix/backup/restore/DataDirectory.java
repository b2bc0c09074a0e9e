package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The data directory that a restored member gets, and what is there now. The new one is built beside it, and gets its
 * name when it is complete; if the directory is a mount point, it is built inside. What is there is never overwritten.
 */
final class DataDirectory implements AutoCloseable {

    static final String MEMBER = "member";

    private static final String SUFFIX = ".restoring";
    // with what is appended to it, it has to fit into 255
    private static final int LONGEST_NAME = 200;

    private final Path path;
    private final boolean mounted;
    private final DirectoryHandle around;
    private final Owner aboveIt;
    private final MissingDirectories made;
    private boolean named;

    private DataDirectory(Path path, boolean mounted, DirectoryHandle around, Owner aboveIt, MissingDirectories made) {
        this.path = path;
        this.mounted = mounted;
        this.around = around;
        this.aboveIt = aboveIt;
        this.made = made;
    }

    /**
     * Looks at it. Missing directories above it are made, and removed again by {@link #close} if nothing is in them.
     *
     * @throws Refused if it cannot be used, whatever the caller allows
     */
    static DataDirectory open(Path named) throws IOException {
        var path = named.toAbsolutePath().normalize();
        var parent = path.getParent();
        if (parent == null) {
            throw new Refused(named + " is the root of the file system", "Name the data directory of a member.");
        }
        if (path.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new Refused(
                    "the name of " + path + " is too long: the restore appends to it",
                    "Name a --data-dir with at most " + LONGEST_NAME + " bytes in its last part.");
        }
        if (Files.isSymbolicLink(path)) {
            throw new Refused(
                    path + " is a link to " + Files.readSymbolicLink(path) + ", and a restore follows no link",
                    "Name the directory itself: --data-dir " + parent.resolve(Files.readSymbolicLink(path)));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Refused(path + " is a file", "Move it away, or name another --data-dir.");
        }
        var real = parent;
        while (!Files.exists(real)) {
            real = Objects.requireNonNull(real.getParent(), "the root is there");
        }
        var around = TrustedWay.to(real);
        var made = new MissingDirectories();
        try {
            if (real.equals(parent) && MountPoints.isOne(around.shown().resolve(path.getFileName()))) {
                var above = around;
                around = above.open(path.getFileName().toString());
                above.close();
                return new DataDirectory(path, true, around, around.owner(), made);
            }
            var owner = around.owner();
            around = made.make(
                    around, real.relativize(parent), Owner.isRootHere() ? Optional.of(owner) : Optional.empty());
            return new DataDirectory(path, false, around, owner, made);
        } catch (IOException | RuntimeException refused) {
            around.close();
            throw refused;
        }
    }

    Path path() {
        return path;
    }

    /** The owner of the nearest directory above it that was there; of the directory itself if it is a mount point. */
    Owner ownerAbove() {
        return aboveIt;
    }

    /** Where it is built, for messages. */
    Path buildPath() {
        return around.shown().resolve(buildName());
    }

    /** How many bytes fit on its file system. */
    long usableBytes() {
        return around.usableBytes();
    }

    private String buildName() {
        return mounted ? SUFFIX : path.getFileName() + SUFFIX;
    }

    /** What gets a name in the end. */
    private String name() {
        return mounted ? MEMBER : String.valueOf(path.getFileName());
    }

    private List<String> content() throws IOException {
        if (mounted) {
            return counted(around);
        }
        if (!around.has(name())) {
            return List.of();
        }
        try (var there = around.open(name())) {
            return counted(there);
        }
    }

    private static List<String> counted(DirectoryHandle directory) throws IOException {
        return directory.names().stream()
                .filter(name -> !name.equals("lost+found") && !name.equals(SUFFIX))
                .toList();
    }

    /**
     * Requires that the new one can get its name.
     *
     * @param movable whether what is there may be moved aside
     * @throws Refused if not
     */
    void requireFree(boolean movable) throws IOException {
        var content = content();
        MemberLocks.held(around, mounted ? List.of(MEMBER, "wal") : List.of(name(), MEMBER, "wal"))
                .ifPresent(locked -> {
                    throw new Refused(
                            path + " is in use: another process has locked " + locked,
                            "Stop the member first: systemctl stop otherix-api && systemctl mask otherix-api");
                });
        if (!content.isEmpty() && !movable) {
            throw new Refused(
                    path + " is not empty: it has " + content.getFirst()
                            + (content.size() > 1 ? " and " + (content.size() - 1) + " more" : ""),
                    "Look whether it is still needed. --move-old-aside renames it, and removes nothing.");
        }
        if (!content.isEmpty() && !content.contains(MEMBER)) {
            throw new Refused(
                    path + " has " + content.getFirst() + " and no " + MEMBER
                            + ", so it is no data directory of a member",
                    "Name the member's data directory. Nothing else is renamed.");
        }
    }

    /**
     * Makes the directory to build in; what an earlier restore left there is removed.
     *
     * @throws Refused if another restore builds there, or something else is there
     */
    Building begin() throws IOException {
        return Building.begin(around, buildName());
    }

    /**
     * Gives what was built its name.
     *
     * @return where the old one is now; empty if there was none
     */
    Optional<Path> publish(Building building, boolean movable, Instant now) throws IOException {
        requireFree(movable);
        var aside =
                isInTheWay() ? Optional.of(name() + ".before-restore-" + UtcStamp.of(now)) : Optional.<String>empty();
        if (aside.isPresent()) {
            if (around.has(aside.get())) {
                throw new Refused(around.shown().resolve(aside.get()) + " is there already", "Repeat the command.");
            }
            around.rename(name(), around, aside.get());
        }
        try {
            building.rename(mounted, around, name());
        } catch (IOException refused) {
            if (aside.isPresent()) {
                putBack(aside.get(), refused);
            }
            throw refused;
        }
        named = true;
        try {
            around.sync();
            building.unlock(mounted, around);
        } catch (IOException refused) {
            throw new Refused(
                    path + " was made and is whole, but the disk refused to sync its name: " + refused.getMessage(),
                    "Check the disk. If " + path + " is still there afterwards, it can be used.",
                    refused);
        }
        return aside.map(around.shown()::resolve);
    }

    /** An empty directory is replaced by a rename; anything else has to go first. */
    private boolean isInTheWay() throws IOException {
        if (mounted || !around.has(name())) {
            return around.has(name());
        }
        try (var there = around.open(name())) {
            return !there.names().isEmpty();
        }
    }

    private void putBack(String aside, IOException refused) {
        try {
            around.rename(aside, around, name());
        } catch (IOException again) {
            refused.addSuppressed(again);
            var shown = around.shown();
            throw new Refused(
                    path + " could not be made: " + refused.getMessage() + "; the old one is now "
                            + shown.resolve(aside) + ", and could not be renamed back: " + again.getMessage(),
                    "mv " + shown.resolve(aside) + " " + shown.resolve(name()),
                    refused);
        }
    }

    /** Gives the directories above it that were made to the same owner. */
    void giveMade(Owner owner) throws IOException {
        made.give(owner);
    }

    @Override
    public void close() {
        try (around) {
            if (named) {
                made.close();
            } else {
                OnTarget.run(made::remove);
            }
        }
    }
}
