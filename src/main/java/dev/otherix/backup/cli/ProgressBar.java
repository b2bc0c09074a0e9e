package dev.otherix.backup.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** One line on a terminal that shows the progress of a long task, and disappears at its end. */
final class ProgressBar {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final long QUIET_NANOS = 300_000_000L;
    private static final long STEP_NANOS = 100_000_000L;
    private static final int CELLS = 30;
    private static final int LONGEST_NAME = 32;
    private static final int FULL = 100;
    private static final int MIB_BITS = 20;

    private final PrintWriter terminal;
    private final boolean shown;
    private final LongSupplier nanos;
    private final Runnable goesOn;

    /** @param shown whether a terminal shows it */
    ProgressBar(PrintWriter terminal, boolean shown, LongSupplier nanos) {
        this(terminal, shown, nanos, () -> {});
    }

    private ProgressBar(PrintWriter terminal, boolean shown, LongSupplier nanos, Runnable goesOn) {
        this.goesOn = goesOn;
        this.terminal = terminal;
        this.shown = shown;
        this.nanos = nanos;
    }

    /**
     * On standard error, where that is a terminal; known on Linux only.
     *
     * @param goesOn called at each step
     */
    static ProgressBar onStandardError(PrintWriter err, Runnable goesOn) {
        return new ProgressBar(err, isTerminal(STANDARD_ERROR), System::nanoTime, goesOn);
    }

    static boolean isTerminal(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().matches("/dev/(pts/\\d+|tty\\w*|console)");
        } catch (IOException | UnsupportedOperationException notTold) {
            return false;
        }
    }

    Work begin(String name, long bytes) {
        return new Work(OutputFormat.printable(name), bytes);
    }

    /** One task, with its own total. */
    final class Work implements AutoCloseable {

        private final String name;
        private final long bytes;
        private final long began = nanos.getAsLong();
        private long drawn;
        private int width;

        private Work(String name, long bytes) {
            this.name = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 3) + "..." : name;
            this.bytes = bytes;
        }

        /** This many bytes are done. A quick task is not shown at all. */
        void at(long done) {
            goesOn.run();
            var now = nanos.getAsLong();
            var soon = width > 0 && now - drawn < STEP_NANOS && done < bytes;
            if (!shown || now - began < QUIET_NANOS || soon) {
                return;
            }
            drawn = now;
            var percent = Math.min(FULL, bytes == 0 ? FULL : (long) ((double) done / bytes * FULL));
            var filled = (int) (percent * CELLS / FULL);
            var line = name + " [" + "#".repeat(filled) + ".".repeat(CELLS - filled)
                    + "] %3d%% of %d MiB".formatted(percent, bytes >> MIB_BITS);
            width = line.length();
            terminal.print("\r" + line);
            terminal.flush();
        }

        @Override
        public void close() {
            if (width > 0) {
                terminal.print("\r" + " ".repeat(width) + "\r");
                terminal.flush();
            }
        }
    }
}
