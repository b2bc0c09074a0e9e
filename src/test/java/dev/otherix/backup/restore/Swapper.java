package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;

/** Keeps putting a link in the place of a directory, and the directory back, until it is closed. */
final class Swapper implements AutoCloseable {

    private final DirectoryHandle parent;
    private final Path directory;
    private final Path away;
    private final Path target;
    private final int mostYields;
    private final Thread thread = Thread.ofPlatform().unstarted(this::swap);
    private final Random random = new Random(17);
    private volatile boolean closed;

    private Swapper(Path directory, Path target, int mostYields) throws IOException {
        // others replace directories on the way
        this.parent = TrustedWay.to(directory.getParent());
        this.directory = parent.entry(directory.getFileName().toString());
        this.away = parent.entry(directory.getFileName() + ".away");
        this.target = target;
        this.mostYields = mostYields;
    }

    /** @param mostYields how long it stays as it is, at most */
    static Swapper of(Path directory, Path target, int mostYields) throws IOException {
        var swapper = new Swapper(directory, target, mostYields);
        swapper.thread.start();
        return swapper;
    }

    private void swap() {
        while (!closed) {
            try {
                Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
                Files.createSymbolicLink(directory, target);
                pause();
                Files.delete(directory);
            } catch (IOException notThere) {
                // it comes and goes, and another may be made while it is away
                Thread.yield();
            }
            back();
            pause();
        }
    }

    /** So that some steps come between. */
    private void pause() {
        for (var i = random.nextInt(mostYields); i > 0; i--) {
            Thread.yield();
        }
    }

    private void back() {
        try {
            Files.move(away, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException none) {
            Thread.yield();
        } catch (IOException taken) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                remove();
            }
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException comesAndGoes) {
            Thread.yield();
        }
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
        back();
        parent.close();
    }
}
