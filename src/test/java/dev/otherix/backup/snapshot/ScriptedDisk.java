package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The real disk, of which a test sees every step, and on which it can make one fail or end the process. */
class ScriptedDisk extends Disk {

    private static final Fault NONE = (_, _) -> {};

    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final Map<FileChannel, String> opened = Collections.synchronizedMap(new HashMap<>());
    private volatile Fault fault = NONE;
    private volatile Fault notes = NONE;
    private volatile @Nullable LongSupplier usable;
    private volatile long total = 100L << 30;

    /** Every later step first goes to {@code fault}, which may throw; the first has the number 0. */
    void script(Fault fault) {
        steps.clear();
        this.fault = fault;
    }

    /**
     * The steps of the thread that notes how runs ended. They come at any time beside those of a run, and count for no
     * other script.
     */
    void scriptNotes(Fault fault) {
        notes = fault;
    }

    /** Nothing fails any more; {@link #steps} still has all since the last script. */
    public void heal() {
        fault = NONE;
        notes = NONE;
    }

    /** The step with this number fails, all others do their work. */
    void failAt(int wanted) {
        script((number, step) -> {
            if (number == wanted) {
                throw new IOException("broken on purpose: " + step);
            }
        });
    }

    /** From the step with this number on nothing is done any more, clean-up included. */
    void dieAt(int wanted) {
        script((number, step) -> {
            if (number >= wanted) {
                throw new ProcessDied(step);
            }
        });
    }

    void space(long total, LongSupplier usable) {
        this.total = total;
        this.usable = usable;
    }

    /** The steps since the last script, in words. */
    public List<String> steps() {
        return List.copyOf(steps);
    }

    final void step(String step) throws IOException {
        if (Thread.currentThread().getName().equals("state-notes")) {
            calls().look(step, Path.of(step), () -> {
                notes.before(0, step);
                return step;
            });
            return;
        }
        int number;
        synchronized (steps) {
            number = steps.size();
            steps.add(step);
        }
        calls().look(step, Path.of(step), () -> {
            fault.before(number, step);
            return step;
        });
    }

    @Override
    void makeDirectories(Path directory) throws IOException {
        step("make directory");
        super.makeDirectories(directory);
    }

    @Override
    FileChannel createNew(Path file) throws IOException {
        step("create " + file.getFileName());
        var channel = writtenThrough(super.createNew(file), file.getFileName().toString());
        opened.put(channel, file.getFileName().toString());
        return channel;
    }

    /** What writes to {@code file} go through: the file itself, where nobody watches them. */
    FileChannel writtenThrough(FileChannel file, String name) {
        return file;
    }

    @Override
    FileChannel openOrCreate(Path file) throws IOException {
        step("open " + file.getFileName());
        return super.openOrCreate(file);
    }

    @Override
    void force(FileChannel file, boolean metadata) throws IOException {
        step("sync " + opened.get(file));
        super.force(file, metadata);
    }

    @Override
    void forceDirectory(Path directory) throws IOException {
        step("sync directory");
        super.forceDirectory(directory);
    }

    @Override
    void link(Path file, Path name) throws IOException {
        step("link " + name.getFileName());
        super.link(file, name);
    }

    @Override
    void replace(Path from, Path to) throws IOException {
        step("rename to " + to.getFileName());
        super.replace(from, to);
    }

    @Override
    boolean deleteIfThere(Path file) throws IOException {
        step("delete " + file.getFileName());
        return super.deleteIfThere(file);
    }

    @Override
    boolean discard(Path file) throws IOException {
        step("delete " + file.getFileName());
        return super.discard(file);
    }

    @Override
    long usableSpace(Path directory) throws IOException {
        return usable == null ? super.usableSpace(directory) : usable.getAsLong();
    }

    @Override
    long totalSpace(Path directory) throws IOException {
        return usable == null ? super.totalSpace(directory) : total;
    }

    interface Fault {
        void before(int number, String step) throws IOException;
    }

    /** Not an exception: no code may act on the end of its own process. */
    static final class ProcessDied extends Error {
        ProcessDied(String step) {
            super("the process ended before: " + step);
        }
    }
}
