package dev.otherix.backup.drill;

import dev.otherix.backup.task.TaskFailure;

/** A drill did not pass, or its result could not be recorded. */
final class NoResult extends RuntimeException {

    private final transient TaskFailure failure;

    NoResult(TaskFailure failure) {
        super(failure.message(), failure.cause(), false, false);
        this.failure = failure;
    }

    TaskFailure failure() {
        return failure;
    }
}
