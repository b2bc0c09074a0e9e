package dev.otherix.backup.task;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One piece of long work, for a caller to follow. Safe for use by several threads. @param <R> type of its result */
public final class Task<R> {

    private final String id = UUID.randomUUID().toString();
    private final String type;
    private final Instant createdAt;
    private final Progress progress;
    private final @Nullable String subject;
    private final Function<R, String> subjectOfResult;
    private final CompletableFuture<Ended<R>> ended = new CompletableFuture<>();
    private volatile State<R> state = new Pending<>();

    /**
     * @param type the word in the API, such as {@code snapshot.create}
     * @param subject the name of its subject, if that already exists
     * @param subjectOfResult the name of its subject, once it has succeeded
     */
    public Task(
            String type,
            Instant createdAt,
            Progress progress,
            @Nullable String subject,
            Function<R, String> subjectOfResult) {
        this.type = type;
        this.createdAt = createdAt;
        this.progress = progress;
        this.subject = subject;
        this.subjectOfResult = subjectOfResult;
    }

    public String id() {
        return id;
    }

    /** The word in the API for the kind of work. */
    public String type() {
        return type;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Progress progress() {
        return progress;
    }

    /** The name of its subject, once that exists. */
    public Optional<String> subject() {
        return state instanceof Succeeded<R> success
                ? Optional.of(subjectOfResult.apply(success.result()))
                : Optional.ofNullable(subject);
    }

    /** Everything that changes about it, at one moment. */
    public State<R> state() {
        return state;
    }

    /** Completes when it has ended, with success or failure; never exceptionally. */
    public CompletableFuture<Ended<R>> ended() {
        return ended.copy();
    }

    /** Marks the work as started, unless it has ended. */
    public synchronized void start(Instant at) {
        if (state instanceof Pending<R>) {
            state = new Running<>(at);
        }
    }

    /** Ends it with success, unless it has already ended. */
    public void succeed(Instant at, R result) {
        end(new Succeeded<>(startedAt(at), at, result));
    }

    /** Ends it as failed, unless it has already ended. */
    public void fail(Instant at, TaskFailure failure) {
        end(new Failed<>(startedAt(), at, failure));
    }

    private synchronized void end(Ended<R> last) {
        if (!(state instanceof Ended<R>)) {
            state = last;
            ended.complete(last);
        }
    }

    private Instant startedAt(Instant otherwise) {
        return startedAt().orElse(otherwise);
    }

    private Optional<Instant> startedAt() {
        return state instanceof Running<R> running ? Optional.of(running.startedAt()) : Optional.empty();
    }

    /** The state of a task. */
    public sealed interface State<R> {}

    /** It has not started. */
    public record Pending<R>() implements State<R> {}

    /** It is running. */
    public record Running<R>(Instant startedAt) implements State<R> {}

    /** It has ended, with either a result or a failure. */
    public sealed interface Ended<R> extends State<R> {

        Instant finishedAt();
    }

    /** It has succeeded. */
    public record Succeeded<R>(Instant startedAt, Instant finishedAt, R result) implements Ended<R> {}

    /**
     * It has failed.
     *
     * @param startedAt empty if it never started
     */
    public record Failed<R>(Optional<Instant> startedAt, Instant finishedAt, TaskFailure failure) implements Ended<R> {}
}
