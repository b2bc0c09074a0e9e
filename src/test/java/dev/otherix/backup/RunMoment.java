package dev.otherix.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A moment in a run of another process, as an onlooker sees it coming in the directory. */
enum RunMoment {

    /** Bytes come in. */
    STREAM,
    /** All bytes are there; they are checked and synced. */
    VERIFY,
    /** The record is being written, or waits for its file. */
    COMMIT,
    /** A file has just got its name; older ones are about to go. */
    PRUNE,
    /** An older one goes: its file or its record is no longer there. */
    DELETE;

    private static final Duration NO_MORE_BYTES = Duration.ofMillis(10);
    private static final long BETWEEN_LOOKS = TimeUnit.MICROSECONDS.toNanos(300);

    /**
     * Watches until it is this moment; false where it did not come in time. {@code part} is how much of a stream is to
     * be in.
     */
    boolean comes(Path dir, double part, Duration limit) throws IOException {
        var giveUp = System.nanoTime() + limit.toNanos();
        var before = look(dir, null);
        for (var now = before; System.nanoTime() < giveUp; now = look(dir, before)) {
            if (isNow(before, now, part)) {
                return true;
            }
            before = now;
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return false;
    }

    private boolean isNow(Sight before, Sight now, double part) {
        return switch (this) {
            case STREAM -> now.bytes > 0 && now.bytes >= part * now.newestBytes && !now.complete();
            case VERIFY -> now.complete() && !now.recorded();
            case COMMIT -> now.pending != null && now.recorded();
            case PRUNE -> !before.snapshots().containsAll(now.snapshots());
            case DELETE -> !now.names.containsAll(before.named());
        };
    }

    /**
     * What an onlooker sees.
     *
     * @param pending the stamp of the temporary file, null without one
     * @param bytes how many it has
     * @param since when it was first seen with so many
     * @param newestBytes the size of the newest snapshot
     */
    private record Sight(TreeSet<String> names, String pending, long bytes, long since, long newestBytes) {

        boolean complete() {
            return pending != null && bytes >= newestBytes * 0.9 && System.nanoTime() - since > NO_MORE_BYTES.toNanos();
        }

        boolean recorded() {
            return names.contains("otherix-" + pending + ".json")
                    || names.contains(".otherix-" + pending + ".json.tmp");
        }

        List<String> named() {
            return names.stream()
                    .filter(name -> name.matches("otherix-\\w*\\.(db|json)"))
                    .toList();
        }

        List<String> snapshots() {
            return names.stream()
                    .filter(name -> name.matches("otherix-.*\\.db"))
                    .toList();
        }
    }

    private static Sight look(Path dir, Sight before) throws IOException {
        var names = new TreeSet<>(PackagedService.files(dir));
        var temporary = names.stream()
                .filter(name -> name.matches("\\.otherix-.*\\.db\\.tmp"))
                .findFirst()
                .orElse(null);
        var newest = names.stream()
                .filter(name -> name.matches("otherix-.*\\.db"))
                .max(String::compareTo)
                .orElse(null);
        var bytes = size(dir, temporary);
        long since = before == null || before.bytes != bytes ? System.nanoTime() : before.since;
        var stamp = temporary == null ? null : temporary.substring(".otherix-".length(), temporary.indexOf('.', 1));
        return new Sight(names, stamp, bytes, since, size(dir, newest));
    }

    private static long size(Path dir, String name) throws IOException {
        try {
            return name == null ? 0 : Files.size(dir.resolve(name));
        } catch (NoSuchFileException justRemoved) {
            return 0;
        }
    }
}
