package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

/**
 * Goes to a directory from the root of the file system, part by part. A link is followed only where no other user, root
 * excepted, can put another in its place: what root writes must not get to where somebody else points.
 */
final class TrustedWay {

    private static final int MOST_LINKS = 40;
    private static final int WRITABLE_BY_OTHERS = 022;
    private static final int STICKY = 01000;

    private final Path end;
    private final Deque<String> left = new ArrayDeque<>();
    private DirectoryHandle here;
    private int links;

    private TrustedWay(Path end) throws IOException {
        this.end = end;
        end.forEach(part -> left.add(part.toString()));
        this.here = DirectoryHandle.root();
    }

    /**
     * Opens the directory at its end; what it shows has no links.
     *
     * @throws Refused if another user could change where it leads
     */
    static DirectoryHandle to(Path absolute) throws IOException {
        var way = new TrustedWay(absolute);
        try {
            while (!way.left.isEmpty()) {
                way.step(way.left.removeFirst());
            }
            return way.here.open(".");
        } finally {
            way.here.close();
        }
    }

    private void step(String name) throws IOException {
        if (!here.isLink(name)) {
            go(here.passage(name));
            return;
        }
        requireTrusted(name);
        links++;
        if (links > MOST_LINKS) {
            throw new FileSystemLoopException(end.toString());
        }
        var target = here.target(name);
        var parts = new ArrayList<String>();
        target.forEach(part -> parts.add(part.toString()));
        parts.reversed().forEach(left::addFirst);
        if (target.isAbsolute()) {
            go(DirectoryHandle.root());
        }
    }

    private void go(DirectoryHandle next) {
        here.close();
        here = next;
    }

    private void requireTrusted(String name) throws IOException {
        var directory = here.access();
        var alone = (directory.mode() & WRITABLE_BY_OTHERS) == 0;
        var sticky = (directory.mode() & STICKY) != 0 && here.accessTo(name).trusted();
        if (!directory.trusted() || !(alone || sticky)) {
            throw new Refused(
                    here.shown().resolve(name) + " is a link that another user can replace at any time",
                    "Name the directory itself, without the link: " + target(name));
        }
    }

    private Path target(String name) throws IOException {
        var behind = here.shown().resolve(here.target(name));
        for (var part : left) {
            behind = behind.resolve(part);
        }
        return behind.normalize();
    }
}
