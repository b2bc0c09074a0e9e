package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Looks, as often as it can, at whatever there is below a directory, and keeps what others could have used. */
final class ModeWatch implements AutoCloseable {

    private final Path below;
    private final Path data;
    private final String owner;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().unstarted(this::watch);
    private volatile boolean closed;

    private ModeWatch(Path below, Path data, String owner) {
        this.below = below;
        this.data = data;
        this.owner = owner;
    }

    /** @param data what has to belong to the owner from the moment it is there; all else is his or root's */
    static ModeWatch of(Path below, Path data, String owner) {
        var watch = new ModeWatch(below, data, owner);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        while (!closed) {
            try (var handle = TrustedWay.to(below)) {
                look(handle, below);
            } catch (IOException gone) {
                Thread.onSpinWait();
            }
        }
    }

    private void look(DirectoryHandle directory, Path path) {
        try {
            for (var name : directory.names()) {
                var found = Files.readAttributes(
                        directory.entry(name), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!found.isSymbolicLink()) {
                    check(path.resolve(name), found);
                }
                if (found.isDirectory()) {
                    try (var inner = directory.open(name)) {
                        look(inner, path.resolve(name));
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            Thread.onSpinWait();
        }
    }

    private void check(Path entry, PosixFileAttributes found) {
        var name = String.valueOf(entry.getFileName());
        var mode = PosixFilePermissions.toString(found.permissions());
        var has = found.owner().getName() + ":" + found.group().getName();
        seen.add(name);
        // those two were there before
        var before = name.matches("(inner|ca)(\\.away)?");
        var closedMode = found.isDirectory() ? mode.equals("rwx------") : mode.equals("rw-------");
        if (!before && !closedMode || entry.startsWith(data) && !has.equals(owner)) {
            wrong.add(entry + " " + has + " " + mode);
        }
    }

    Set<String> seen() {
        return seen;
    }

    Queue<String> wrong() {
        return wrong;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
