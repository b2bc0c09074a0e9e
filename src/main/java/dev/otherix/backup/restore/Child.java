package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs for a drill, in its directory and with nothing of this process: no input, no open file and no
 * variable, so neither the service's secrets nor etcd's settings nor the socket of systemd.
 */
final class Child implements AutoCloseable {

    private static final String FIRST_TO_BE_KILLED = "1000";
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int SIGNAL = 128;

    private final Process process;
    private final ChildNote note;
    private final ChildOutput output;
    private final Optional<String> remark;
    private final Duration stop;

    private Child(Process process, ChildNote note, ChildOutput output, Optional<String> remark, Duration stop) {
        this.process = process;
        this.note = note;
        this.output = output;
        this.remark = remark;
        this.stop = stop;
    }

    /**
     * Starts it.
     *
     * @param note has been written
     * @param stop how long it may take to end after SIGTERM
     * @throws IOException if the system does not start it
     */
    static Child start(Scratch scratch, ChildNote note, List<String> arguments, Duration stop) throws IOException {
        var line = new ArrayList<String>();
        line.add(note.program());
        line.addAll(arguments);
        var builder = new ProcessBuilder(line)
                .directory(scratch.path().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put(ChildNote.VARIABLE, note.token());
        var process = builder.start();
        return new Child(process, note, ChildOutput.of(process.getInputStream()), offered(process), stop);
    }

    /** The kernel kills it before others when memory is short; empty if it is told so. */
    private static Optional<String> offered(Process process) {
        try {
            Files.writeString(Path.of("/proc", String.valueOf(process.pid()), "oom_score_adj"), FIRST_TO_BE_KILLED);
            return Optional.empty();
        } catch (IOException refused) {
            return process.isAlive()
                    ? Optional.of("the kernel was not told to end this etcd first when memory is short"
                            + " (oom_score_adj was refused)")
                    : Optional.empty();
        }
    }

    /** What did not work when it was started, and is no reason to stop. */
    Optional<String> remark() {
        return remark;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended; returns whether it has. */
    boolean ended(Duration limit) throws InterruptedException {
        var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            output.awaitEnd(LAST_WORDS);
        }
        return ended;
    }

    /** The end of what it has printed. */
    ChildOutput output() {
        return output;
    }

    /** How it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Whether a signal has ended it that nothing here has sent. */
    boolean wasKilled() {
        return !isAlive() && exitCode() == SIGNAL + 9;
    }

    /** Asks it to end, and waits; what does not end is killed by {@link #close}. */
    void stop() throws InterruptedException {
        process.destroy();
        ended(stop);
    }

    /** Kills it and all that it has started, and returns when they are gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        OnTarget.run(() -> ChildProcesses.end(note));
    }
}
