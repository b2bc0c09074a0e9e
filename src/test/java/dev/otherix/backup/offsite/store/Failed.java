package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A failure of a store, to be looked at. */
record Failed(StoreFailure failure) {

    private static final int LONGEST_MESSAGE = 900;

    static Failed by(Runnable step) {
        var failure = catchThrowableOfType(StoreFailure.class, step::run);
        assertThat(failure).as("the failure").isNotNull();
        assertThat(failure.getMessage()).hasSizeLessThan(LONGEST_MESSAGE).doesNotContain("\n");
        return new Failed(failure);
    }

    Failed with(Code code, String... words) {
        if (words.length > 0) {
            assertThat(failure).hasMessageContainingAll(words);
        }
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return this;
    }

    /** Neither in its message nor in those of its causes, as a log would show them. */
    Failed without(String... secrets) {
        var log = new StringWriter();
        failure.printStackTrace(new PrintWriter(log));
        assertThat(log.toString()).doesNotContain(secrets);
        return this;
    }
}
