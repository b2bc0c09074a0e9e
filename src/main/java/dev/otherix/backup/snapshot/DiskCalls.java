package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows which calls to the file system of one directory have not returned. A disk that hangs gives no error: its calls
 * just do not come back, and no thread that makes one can be ended. So others look here for how long one has waited,
 * and give up the thread that waits: when its call returns after all, it may remove what it has half-made, and change
 * nothing more.
 *
 * <p>Safe for use by several threads.
 */
public final class DiskCalls {

    /** A look that takes longer finds a disk that hangs; the slowest that were seen took a second. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    /** A change may wait for much that the system has kept back. */
    private static final Duration LONGEST_CHANGE = Duration.ofSeconds(30);

    private final Map<Thread, Begun> underWay = new ConcurrentHashMap<>();
    private final Set<Thread> givenUp = ConcurrentHashMap.newKeySet();

    DiskCalls() {}

    /**
     * A call that has not returned.
     *
     * @param doing what it does, such as "writing"
     * @param file what it does that to
     * @param since how long ago it began
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

    /** The call that waits longest, if it has waited at least {@code limit}. */
    public Optional<Waiting> waitingFor(Duration limit) {
        var now = System.nanoTime();
        return underWay.values().stream()
                .map(call -> call.now(now))
                .filter(call -> call.since().compareTo(limit) >= 0)
                .max(Comparator.comparing(Waiting::since));
    }

    /** The call by which the disk is known to hang; empty while it answers. */
    public Optional<Waiting> hanging() {
        var now = System.nanoTime();
        return underWay.entrySet().stream()
                .filter(call ->
                        givenUp.contains(call.getKey()) || call.getValue().isLate(now))
                .map(call -> call.getValue().now(now))
                .max(Comparator.comparing(Waiting::since));
    }

    /** Lets {@code thread} change nothing more, until {@link #release}. */
    public void giveUp(Thread thread) {
        givenUp.add(thread);
    }

    /** Says that the work is over for which {@code thread} was given up. */
    public void release(Thread thread) {
        givenUp.remove(thread);
    }

    /** Makes a call that only looks, or that removes what its thread has half-made. */
    <T> T look(String doing, Path file, Call<T> call) throws IOException {
        return make(new Begun(doing, file, true, System.nanoTime()), call);
    }

    private <T> T make(Begun begun, Call<T> call) throws IOException {
        var thread = Thread.currentThread();
        // the outermost of nested ones counts
        var outer = underWay.putIfAbsent(thread, begun);
        try {
            return call.make();
        } finally {
            if (outer == null) {
                underWay.remove(thread);
            }
        }
    }

    /** Makes a call that changes something; refuses it for a thread that was given up. */
    <T> T change(String doing, Path file, Call<T> call) throws IOException {
        if (givenUp.contains(Thread.currentThread())) {
            throw new GivenUp(file);
        }
        return make(new Begun(doing, file, false, System.nanoTime()), call);
    }

    /** One call to the file system. */
    @FunctionalInterface
    interface Call<T> {

        T make() throws IOException;
    }

    /** A thread that was given up wanted to change something. */
    static final class GivenUp extends IOException {

        GivenUp(Path file) {
            super(file + " is left as it is: this work was given up, because the disk had not answered in time");
        }
    }
}
