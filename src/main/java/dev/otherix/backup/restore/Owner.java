package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** A user and a group, to whom files belong. */
public record Owner(UserPrincipal user, GroupPrincipal group) {

    /**
     * Reads {@code USER:GROUP}, names or numbers.
     *
     * @throws IllegalArgumentException if it is something else, or this machine does not know the user or the group;
     *     the message completes a sentence that begins with the text
     */
    public static Owner parse(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("is not USER:GROUP, such as otherix:otherix");
        }
        var known = FileSystems.getDefault().getUserPrincipalLookupService();
        return new Owner(
                found("user", parts[0], known::lookupPrincipalByName),
                found("group", parts[1], known::lookupPrincipalByGroupName));
    }

    private interface Lookup<T> {
        T find(String name) throws IOException;
    }

    private static <T> T found(String what, String name, Lookup<T> lookup) {
        try {
            return lookup.find(name);
        } catch (UserPrincipalNotFoundException unknown) {
            throw new IllegalArgumentException(
                    "names the " + what + " " + name + ", whom this machine does not know", unknown);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot be looked up: " + unreadable.getMessage(), unreadable);
        }
    }

    /** The owner of a file or directory; a link is not followed. */
    static Owner of(Path path) throws IOException {
        var attributes = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Owner(attributes.owner(), attributes.group());
    }

    /** @throws Refused if this process may not give files to it */
    void requireGivable() throws IOException {
        var own = of(Path.of("/proc/self"));
        if (!isRootHere() && !user.equals(own.user())) {
            throw new Refused(
                    "--owner " + this + ": only root can give files to another user, and this is " + own.user(),
                    "Run the command as root, or leave --owner out.");
        }
    }

    /** Whether this process runs as the superuser. */
    static boolean isRootHere() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    void give(PosixFileAttributeView file) throws IOException {
        file.setGroup(group);
        file.setOwner(user);
    }

    /** Whether it is the superuser. */
    public boolean isRoot() {
        // a number stays a number
        return user.getName().equals("root") || user.getName().equals("0");
    }

    @Override
    public String toString() {
        return user.getName() + ":" + group.getName();
    }
}
