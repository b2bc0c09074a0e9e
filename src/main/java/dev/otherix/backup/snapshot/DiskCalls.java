package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which calls to the file system of one directory have not returned. A disk that hangs reports no error: its
 * calls do not return, and a thread in such a call cannot be ended. So other threads check here how long a call has
 * waited, and abandon its thread. When the call returns after all, that thread may remove its incomplete files, and
 * change nothing else.
 *
 * <p>Safe for use by several threads.
 */
public final class DiskCalls {

    /** A read call that takes longer means that the disk hangs; the slowest ones seen took a second. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    /** A change may wait for many writes that the system has buffered. */
    private static final Duration LONGEST_CHANGE = Duration.ofSeconds(30);

    private final Map<Thread, Begun> underWay = new ConcurrentHashMap<>();
    /** Threads, and when each was given up. */
    private final Map<Thread, Long> givenUp = new ConcurrentHashMap<>();

    DiskCalls() {}

    /**
     * A call that has not returned.
     *
     * @param doing the operation, such as "writing"
     * @param file the file that it works on
     * @param since how long it has been running
     */
    public record Waiting(String doing, Path file, Duration since) {}

    private record Begun(String doing, Path file, boolean looks, long at) {

        boolean isLate(long nanoTime) {
            return now(nanoTime).since().compareTo(looks ? LONGEST_LOOK : LONGEST_CHANGE) >= 0;
        }

        Waiting now(long nanoTime) {
            return new Waiting(doing, file, Duration.ofNanos(nanoTime - at));
        }
    }

    /** The call that has waited longest, if it has waited at least {@code limit}. */
    public Optional<Waiting> waitingFor(Duration limit) {
        var now = System.nanoTime();
        return underWay.values().stream()
                .map(call -> call.now(now))
                .filter(call -> call.since().compareTo(limit) >= 0)
                .max(Comparator.comparing(Waiting::since));
    }

    /** The call that shows that the disk hangs; empty while the disk answers. */
    public Optional<Waiting> hanging() {
        var now = System.nanoTime();
        return underWay.entrySet().stream()
                .filter(call -> isGivenUp(call.getKey(), call.getValue())
                        || call.getValue().isLate(now))
                .map(call -> call.getValue().now(now))
                .max(Comparator.comparing(Waiting::since));
    }

    /** A thread may be given up because another, which works for it, waits. */
    private boolean isGivenUp(Thread thread, Begun call) {
        return givenUp.containsKey(thread) || givenUp.values().stream().anyMatch(at -> call.at() - at < 0);
    }

    /** Refuses all changes by {@code thread} until {@link #release}. */
    public void giveUp(Thread thread) {
        givenUp.put(thread, System.nanoTime());
    }

    /** Reports that the work has ended for which {@code thread} was abandoned. */
    public void release(Thread thread) {
        givenUp.remove(thread);
    }

    /** Makes a call that only reads, or that removes incomplete files of its thread. */
    <T> T look(String doing, Path file, Call<T> call) throws IOException {
        return make(new Begun(doing, file, true, System.nanoTime()), call);
    }

    private <T> T make(Begun begun, Call<T> call) throws IOException {
        var thread = Thread.currentThread();
        // of nested calls the outermost counts
        var outer = underWay.putIfAbsent(thread, begun);
        try {
            return call.make();
        } finally {
            if (outer == null) {
                underWay.remove(thread);
            }
        }
    }

    /** Makes a call that changes something; refuses it for an abandoned thread. */
    <T> T change(String doing, Path file, Call<T> call) throws IOException {
        if (givenUp.containsKey(Thread.currentThread())) {
            throw new GivenUp(file);
        }
        return make(new Begun(doing, file, false, System.nanoTime()), call);
    }

    /** One call to the file system. */
    @FunctionalInterface
    interface Call<T> {

        T make() throws IOException;
    }

    /** An abandoned thread tried to change something. */
    static final class GivenUp extends IOException {

        GivenUp(Path file) {
            super(file.getFileName()
                    + " is left unchanged: this work was abandoned because the disk did not answer in time");
        }
    }
}
