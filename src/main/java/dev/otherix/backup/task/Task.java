package dev.otherix.backup.task;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One piece of long work as its caller follows it. Safe for use by several threads.
 *
 * @param <R> what it results in
 */
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
     * @param subject the name of what it is about, where that is there already
     * @param subjectOfResult the name of what it is about, once it has succeeded
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

    /** The word in the API for what kind of work it is. */
    public String type() {
        return type;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Progress progress() {
        return progress;
    }

    /** The name of what it is about, once that is there. */
    public Optional<String> subject() {
        return state instanceof Succeeded<R> success
                ? Optional.of(subjectOfResult.apply(success.result()))
                : Optional.ofNullable(subject);
    }

    /** All that changes about it, as of one moment. */
    public State<R> state() {
        return state;
    }

    /** Completes when it has ended, well or not; never exceptionally. */
    public CompletableFuture<Ended<R>> ended() {
        return ended.copy();
    }

    /** Says that the work has begun. One that has ended stays so. */
    public synchronized void start(Instant at) {
        if (state instanceof Pending<R>) {
            state = new Running<>(at);
        }
    }

    /** Ends it well. The first end counts: one that was failed meanwhile stays so. */
    public void succeed(Instant at, R result) {
        end(new Succeeded<>(startedAt(at), at, result));
    }

    /** Ends it as failed. The first end counts. */
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

    /** Where a task is. */
    public sealed interface State<R> {}

    /** It has not begun. */
    public record Pending<R>() implements State<R> {}

    /** It is under way. */
    public record Running<R>(Instant startedAt) implements State<R> {}

    /** It has ended: with a result or with a failure, never with neither. */
    public sealed interface Ended<R> extends State<R> {

        Instant finishedAt();
    }

    /** It has ended well. */
    public record Succeeded<R>(Instant startedAt, Instant finishedAt, R result) implements Ended<R> {}

    /**
     * It has failed.
     *
     * @param startedAt empty where it never began
     */
    public record Failed<R>(Optional<Instant> startedAt, Instant finishedAt, TaskFailure failure) implements Ended<R> {}
}
