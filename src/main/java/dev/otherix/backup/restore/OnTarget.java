package dev.otherix.backup.restore;

import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Tells what fails where a restore writes from what fails where it reads. */
final class OnTarget {

    private OnTarget() {}

    /** Work on the disk that a restore writes to. */
    interface Work<T> {

        T run() throws IOException;
    }

    /** Like {@link Work}, without a result. */
    interface Step {

        void run() throws IOException;
    }

    /** @throws NotWritten if it fails */
    static <T> T get(Work<T> work) {
        try {
            return work.run();
        } catch (IOException refused) {
            throw new NotWritten(refused);
        } catch (UncheckedIOException refused) {
            throw new NotWritten(Objects.requireNonNull(refused.getCause()));
        }
    }

    /** @throws NotWritten if it fails */
    static void run(Step step) {
        try {
            step.run();
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }
}
