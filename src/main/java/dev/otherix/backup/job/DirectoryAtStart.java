package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.FileSystemProbe;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A directory of snapshots that did not answer when the service started. The service then runs without it, so that its
 * ports are open and health shows the reason, and starts again when the directory answers.
 */
public final class DirectoryAtStart {

    private final Path directory;
    private final Instant since;
    private final CompletableFuture<Void> answer;

    private DirectoryAtStart(Path directory, Instant since, CompletableFuture<Void> answer) {
        this.directory = directory;
        this.since = since;
        this.answer = answer;
    }

    /** Asks {@code directory}; empty where it answers within {@code limit}, well or with an error. */
    public static Optional<DirectoryAtStart> hanging(Path directory, Duration limit, Clock clock) {
        var since = clock.instant();
        var answer = new CompletableFuture<Void>();
        Thread.ofPlatform().daemon().name("directory-at-start").start(() -> {
            try {
                FileSystemProbe.ask(directory);
            } finally {
                answer.complete(null);
            }
        });
        try {
            answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException hangs) {
            return Optional.of(new DirectoryAtStart(directory, since, answer));
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What does not answer, since when, and what happens next. */
    public String message() {
        return message(directory.toString());
    }

    /** The same without its path, for callers. */
    public String problem() {
        return message("the snapshot directory");
    }

    private String message(String name) {
        return name + " has not answered since " + since.truncatedTo(ChronoUnit.SECONDS)
                + "; check the disk, or the server of the file system. The service starts again when it answers";
    }

    /** Runs {@code next} on a thread of its own when the directory answers. */
    public void whenItAnswers(Runnable next) {
        var _ = answer.thenRun(
                () -> Thread.ofPlatform().daemon(false).name("start-again").start(next));
    }
}
