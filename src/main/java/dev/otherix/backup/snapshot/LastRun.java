package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, as it is remembered when the process that made it is gone.
 *
 * @param name the snapshot, where it is a local one
 * @param consistencyReason why it is only local, where that is known
 * @param error why the run failed, where it did
 */
public record LastRun(
        Instant startedAt,
        Instant finishedAt,
        Trigger trigger,
        Outcome outcome,
        @Nullable SnapshotName name,
        Consistency.@Nullable Reason consistencyReason,
        @Nullable Failure error) {

    public LastRun {
        Objects.requireNonNull(startedAt, "started_at");
        Objects.requireNonNull(finishedAt, "finished_at");
        Objects.requireNonNull(trigger, "trigger");
        Objects.requireNonNull(outcome, "outcome");
        if ((outcome == Outcome.LOCAL) != (name != null) || (outcome == Outcome.FAILURE) != (error != null)) {
            throw new IllegalArgumentException("name and error do not fit the outcome " + outcome.word());
        }
    }

    /** A run after which a snapshot is there that holds all that was acknowledged before it. */
    public static LastRun succeeded(Instant startedAt, Instant finishedAt, Trigger trigger) {
        return new LastRun(startedAt, finishedAt, trigger, Outcome.SUCCESS, null, null, null);
    }

    /** A run that kept what the local member had. */
    public static LastRun local(
            Instant startedAt,
            Instant finishedAt,
            Trigger trigger,
            SnapshotName name,
            Consistency.@Nullable Reason reason) {
        return new LastRun(startedAt, finishedAt, trigger, Outcome.LOCAL, name, reason, null);
    }

    /** A run after which nothing new is there. */
    public static LastRun failed(Instant startedAt, Instant finishedAt, Trigger trigger, Failure error) {
        return new LastRun(startedAt, finishedAt, trigger, Outcome.FAILURE, null, null, error);
    }

    /** How it ended. */
    public enum Outcome {
        SUCCESS,
        LOCAL,
        FAILURE;

        /** The word in API and metrics. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Why a run failed.
     *
     * @param code the word in the API
     * @param details the values behind the message
     */
    public record Failure(String code, String message, Map<String, Object> details) {

        public Failure {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
            details = Map.copyOf(details);
        }
    }
}
