package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One piece of long work as its caller follows it. Safe for use by several threads. */
public final class Task {

    private final String id = UUID.randomUUID().toString();
    private final Type type;
    private final Instant createdAt;
    private final RunProgress progress;
    private final @Nullable SnapshotName subject;
    private final CompletableFuture<Task> ended = new CompletableFuture<>();
    private volatile State state = new State(Status.PENDING, null, null, null, null);

    Task(Type type, Instant createdAt, RunProgress progress) {
        this(type, createdAt, progress, null);
    }

    /** @param subject the snapshot that it is about, where that is there already */
    Task(Type type, Instant createdAt, RunProgress progress, @Nullable SnapshotName subject) {
        this.type = type;
        this.createdAt = createdAt;
        this.progress = progress;
        this.subject = subject;
    }

    public String id() {
        return id;
    }

    public Type type() {
        return type;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public RunProgress progress() {
        return progress;
    }

    /** The snapshot that it is about, once it is there. */
    public Optional<SnapshotName> subject() {
        var result = state.result();
        return Optional.ofNullable(result == null ? subject : result.name());
    }

    /** All that changes about it, as of one moment. */
    public State state() {
        return state;
    }

    /** Completes with this task when it has ended, well or not; never exceptionally. */
    public CompletableFuture<Task> ended() {
        return ended.copy();
    }

    void start(Instant at) {
        state = new State(Status.RUNNING, at, null, null, null);
    }

    void succeed(Instant at, Snapshot result) {
        end(new State(Status.SUCCESS, state.startedAt(), at, result, null));
    }

    void fail(Instant at, RunFailure error) {
        end(new State(Status.FAILED, state.startedAt(), at, null, error));
    }

    private void end(State last) {
        state = last;
        ended.complete(this);
    }

    /** What kind of work a task is. */
    public enum Type {
        SNAPSHOT_CREATE("snapshot.create"),
        SNAPSHOT_VERIFY("snapshot.verify");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The word in the API. */
        public String word() {
            return word;
        }
    }

    /** Where a task is. */
    public enum Status {
        PENDING,
        RUNNING,
        SUCCESS,
        FAILED
    }

    /**
     * A task's state.
     *
     * @param result the snapshot, once it succeeded
     * @param error why it failed, once it did
     */
    public record State(
            Status status,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Snapshot result,
            @Nullable RunFailure error) {}
}
