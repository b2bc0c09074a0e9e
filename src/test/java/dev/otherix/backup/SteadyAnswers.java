package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks a service the same things again and again, each on its own thread, and knows the longest that each has taken.
 */
final class SteadyAnswers implements AutoCloseable {

    private static final long PAUSE_MILLIS = 200;

    private final List<String> paths;
    private final ConcurrentHashMap<String, Long> waitingSince = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Duration> longest = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> status = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads;

    /** @param get asks for a path */
    SteadyAnswers(Function<String, HttpResponse<String>> get, String... paths) {
        this.paths = List.of(paths);
        this.threads = Executors.newScheduledThreadPool(
                paths.length, Thread.ofPlatform().daemon().factory());
        this.paths.forEach(path -> {
            var _ = threads.scheduleWithFixedDelay(() -> ask(get, path), 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void ask(Function<String, HttpResponse<String>> get, String path) {
        waitingSince.put(path, System.nanoTime());
        int answered = get.apply(path).statusCode();
        longest.merge(path, waited(path), (a, b) -> a.compareTo(b) > 0 ? a : b);
        waitingSince.remove(path);
        status.put(path, answered);
    }

    private Duration waited(String path) {
        var since = waitingSince.get(path);
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Each has been answered, and none has waited longer than {@code limit}, the one under way included. */
    void assertNeverLongerThan(Duration limit) {
        assertThat(paths).allSatisfy(path -> {
            assertThat(longest).as("it was answered").containsKey(path);
            assertThat(longest.get(path)).as(path).isLessThan(limit);
            assertThat(waited(path)).as(path + ", under way").isLessThan(limit);
        });
    }

    /** How {@code path} was answered last. */
    int status(String path) {
        return status.getOrDefault(path, 0);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
