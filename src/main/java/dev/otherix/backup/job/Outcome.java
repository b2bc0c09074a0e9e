package dev.otherix.backup.job;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.TaskFailure;

/** How a run ended. */
public sealed interface Outcome {

    /** The snapshot exists, durable and checked. */
    record Saved(Snapshot snapshot) implements Outcome {}

    /** Nothing was added. */
    record Failed(TaskFailure failure) implements Outcome {

        /** Whether the cause is temporary, a matter of minutes: a defragmentation. */
        boolean passesSoon() {
            return failure.cause() instanceof EtcdFailure etcd && etcd.reason() == EtcdFailure.Reason.DEFRAGMENTING;
        }
    }

    /** Whether it is a success for health and age: a snapshot that holds all writes acknowledged before the run. */
    default boolean good() {
        return this instanceof Saved(Snapshot snapshot) && snapshot.linearizable();
    }

    /** The word in API and metrics: success, local or failure. */
    default String word() {
        return switch (this) {
            case Saved saved -> saved.good() ? "success" : "local";
            case Failed _ -> "failure";
        };
    }
}
