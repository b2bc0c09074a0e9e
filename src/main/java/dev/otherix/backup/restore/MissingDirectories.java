package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The directories above a data directory that were not there. Who uses the innermost one closes that. */
final class MissingDirectories implements AutoCloseable {

    private final Deque<Made> made = new ArrayDeque<>();

    private record Made(DirectoryHandle in, String name, DirectoryHandle itself) {}

    /**
     * Makes them; of those that it made before one failed it leaves none.
     *
     * @param names one below the other; empty if none is missing
     * @param owner who gets them, at once: a restore that is killed must not leave one that nobody else can enter
     * @return the innermost one
     */
    DirectoryHandle make(DirectoryHandle above, Path names, Optional<Owner> owner) throws IOException {
        var innermost = above;
        try {
            for (var name : names) {
                if (!name.toString().isEmpty()) {
                    var next = innermost.make(name.toString());
                    made.push(new Made(innermost, name.toString(), next));
                    if (owner.isPresent()) {
                        next.give(owner.get());
                    }
                    innermost.sync();
                    innermost = next;
                }
            }
            return innermost;
        } catch (IOException refused) {
            if (!made.isEmpty()) {
                innermost.close();
            }
            remove();
            throw refused;
        }
    }

    void give(Owner owner) throws IOException {
        for (var directory : made) {
            directory.itself().give(owner);
        }
    }

    /** Removes those in which nothing is, and closes them. */
    void remove() throws IOException {
        try (this) {
            for (var directory : made) {
                var in = directory.in();
                if (in.has(directory.name())
                        && in.isStill(directory.name(), directory.itself())
                        && directory.itself().names().isEmpty()) {
                    in.remove(directory.name());
                }
            }
        }
    }

    @Override
    public void close() {
        made.forEach(directory -> directory.in().close());
        made.clear();
    }
}
