package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How much memory an etcd needs that cannot be taken back: its index has all keys and their revisions. The database
 * itself is mapped, and the system drops it when memory is short.
 */
final class EtcdMemory {

    private static final long BASE = 64L << 20;
    // 5 million rows of 1 million keys take 500 MiB
    private static final long PER_KEY = 350;
    private static final long PER_ROW = 60;
    // it walks all pages at its start, and remembers which of them it has seen
    private static final long PER_PAGE = 100;
    private static final int PAGE_BITS = 12;
    private static final int MIB_BITS = 20;

    private final LongSupplier available;
    private final BooleanSupplier endsTogether;
    private final DrillOrder.Words words;

    /**
     * @param available bytes that this process may still take
     * @param endsTogether whether the kernel ends this process too where it ends etcd
     */
    EtcdMemory(LongSupplier available, BooleanSupplier endsTogether, DrillOrder.Words words) {
        this.available = available;
        this.endsTogether = endsTogether;
        this.words = words;
    }

    /** Of this process. */
    static EtcdMemory here(DrillOrder.Words words) {
        var root = Path.of("/");
        return new EtcdMemory(() -> available(root), () -> new ControlGroup(root).endsTogether(), words);
    }

    /** An estimate, in bytes. */
    static long needed(long liveKeys, long rows, long bytes) {
        return BASE + liveKeys * PER_KEY + rows * PER_ROW + (bytes >> PAGE_BITS) * PER_PAGE;
    }

    /** @throws NotDrilled if there is too little */
    void require(long liveKeys, long rows, long bytes) {
        var needed = needed(liveKeys, rows, bytes);
        var free = available.getAsLong();
        if (endsTogether.getAsBoolean()) {
            requireTwice(needed, free);
        } else if (free < needed) {
            throw new NotDrilled("not enough memory to start etcd: it needs about " + mib(needed) + " MiB for "
                    + liveKeys + " live keys in " + rows + " rows, and " + mib(free)
                    + " MiB are available; give this host or the control group (MemoryMax of the unit, the limit of"
                    + " the container) more, or leave " + words.etcd() + " out");
        }
    }

    /** An estimate that is too low would end this process. */
    private void requireTwice(long needed, long free) {
        if (free < 2 * needed) {
            throw new NotDrilled("not enough memory to start etcd: it needs about " + mib(needed)
                    + " MiB, and twice that has to be available, because the kernel ends this whole container or unit if"
                    + " it ends etcd (memory.oom.group is 1); " + mib(free) + " MiB are available; raise its limit, set"
                    + " singleProcessOOMKill: true for the kubelet, or leave " + words.etcd() + " out");
        }
    }

    private static long mib(long bytes) {
        return bytes >> MIB_BITS;
    }

    /** What the files at {@code root} say, which are those of {@code /} except in tests. */
    static long available(Path root) {
        var free = Math.min(
                SystemMemory.available(root.resolve("proc/meminfo")).orElse(Long.MAX_VALUE),
                new ControlGroup(root).available().orElse(Long.MAX_VALUE));
        return Math.max(0, free);
    }

    /** The memory of the whole system. */
    private static final class SystemMemory {

        private static final String AVAILABLE = "MemAvailable:";

        private SystemMemory() {}

        static OptionalLong available(Path meminfo) {
            try (var lines = Files.lines(meminfo)) {
                return lines.filter(line -> line.startsWith(AVAILABLE))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                        .findFirst();
            } catch (IOException notTold) {
                return OptionalLong.empty();
            }
        }
    }
}
