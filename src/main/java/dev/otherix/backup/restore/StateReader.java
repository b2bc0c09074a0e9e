package dev.otherix.backup.restore;

import dev.otherix.backup.restore.WillHappen.Jobs;
import dev.otherix.backup.restore.WillHappen.Listed;
import dev.otherix.backup.restore.WillHappen.Named;
import dev.otherix.backup.restore.WillHappen.OnNode;
import dev.otherix.backup.restore.WillHappen.Vms;
import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/**
 * Reads what a state makes agents and workers do, from its rows {@code /otherix/<kind>/<id>}. Reads each row once and
 * keeps a bounded number of names. A row that is not as expected is counted, and nothing is concluded from it.
 */
public final class StateReader {

    private static final int MOST_NAMES = 1_000;
    private static final int MOST_PINNED = 10_000;
    private static final int MOST_KINDS = 100;
    private static final int LONGEST_KEY = 256;
    private static final String OTHER = "other";

    private final Names deleted = new Names(MOST_NAMES);
    private final Names stopped = new Names(MOST_NAMES);
    private final Names snapshots = new Names(MOST_NAMES);
    private final Names nodes = new Names(MOST_NAMES);
    private final TreeMap<String, Names> pinned = new TreeMap<>();
    private final Map<String, String> nodeNames = new HashMap<>();
    private final TreeMap<String, Long> pending = new TreeMap<>();
    private final TreeMap<String, Long> running = new TreeMap<>();
    private final TreeMap<String, Long> unreadable = new TreeMap<>();
    private long keptPinned;
    private long notPinned;
    private long deletedBefore;

    private StateReader() {}

    /**
     * Reads the state at a revision that the file holds.
     *
     * @param progress gets the share that is done, from 0 to 1
     */
    public static WillHappen read(StoredRows rows, long revision, DoubleConsumer progress) {
        var reader = new StateReader();
        try (var live = rows.liveAt(revision, share -> progress.accept(share / 2))) {
            var row = live.rows();
            while (row.next()) {
                reader.see(row);
                if (row.ordinal() % (1 << 12) == 0) {
                    progress.accept((1 + row.ordinal() / (double) rows.count()) / 2);
                }
            }
        }
        return reader.result(revision);
    }

    private void see(RowCursor row) {
        var kind = row.kind();
        switch (kind) {
            case "jobs" -> read(row, kind).ifPresent(this::job);
            case "vms" -> read(row, kind).ifPresent(this::vm);
            case "snapshots" ->
                read(row, kind).filter(found -> !found.deleted()).ifPresent(snapshots::add);
            case "nodes" -> read(row, kind).filter(found -> !found.deleted()).ifPresent(this::node);
            default -> {}
        }
    }

    private Optional<RowFields> read(RowCursor row, String kind) {
        var key = row.keyLength() > LONGEST_KEY ? "" : new String(row.key(), StandardCharsets.UTF_8);
        var id = key.substring(key.lastIndexOf('/') + 1);
        var found = !id.isEmpty() && key.equals("/otherix/" + kind + "/" + id)
                ? RowFields.of(id, row)
                : Optional.<RowFields>empty();
        if (found.isEmpty()) {
            count(unreadable, kind);
        }
        return found;
    }

    private void job(RowFields job) {
        var kind = job.text("kind");
        var state = job.text("state").orElse("");
        switch (state) {
            case "pending" -> kind.ifPresentOrElse(name -> count(pending, name), () -> count(unreadable, "jobs"));
            case "running" -> kind.ifPresentOrElse(name -> count(running, name), () -> count(unreadable, "jobs"));
            case "completed", "failed" -> {}
            default -> count(unreadable, "jobs");
        }
    }

    private void vm(RowFields vm) {
        if (vm.deleted()) {
            deletedBefore++;
            return;
        }
        switch (vm.text("desiredphase").orElse("")) {
            case "deleted" -> deleted.add(vm);
            case "stopped" -> stopped.add(vm);
            case "running" -> {}
            default -> count(unreadable, "vms");
        }
        vm.text("pinnednodeid").ifPresentOrElse(node -> pin(node, vm), () -> notPinned++);
    }

    private void pin(String node, RowFields vm) {
        var known = pinned.containsKey(node) || pinned.size() < MOST_NAMES;
        var here = pinned.computeIfAbsent(known ? node : OTHER, _ -> new Names(MOST_PINNED));
        here.add(vm, keptPinned < MOST_PINNED);
        keptPinned++;
    }

    private void node(RowFields node) {
        nodes.add(node);
        if (nodeNames.size() < MOST_NAMES) {
            node.text("name").ifPresent(name -> nodeNames.put(node.id(), name));
        }
    }

    private static void count(Map<String, Long> counts, String kind) {
        counts.merge(counts.size() < MOST_KINDS || counts.containsKey(kind) ? kind : OTHER, 1L, Long::sum);
    }

    private WillHappen result(long revision) {
        var onNodes = pinned.entrySet().stream()
                .map(node -> new OnNode(
                        node.getKey(),
                        nodeNames.get(node.getKey()),
                        node.getValue().listed()))
                .toList();
        return new WillHappen(
                revision,
                new Jobs(pending, running),
                new Vms(deleted.listed(), stopped.listed(), onNodes, notPinned, deletedBefore),
                snapshots.listed(),
                nodes.listed(),
                unreadable);
    }

    /** Counts all, and keeps the first. */
    private static final class Names {

        private final int most;
        private final List<Named> first = new ArrayList<>();
        private long count;

        private Names(int most) {
            this.most = most;
        }

        void add(RowFields row) {
            add(row, true);
        }

        void add(RowFields row, boolean kept) {
            count++;
            if (kept && first.size() < most) {
                first.add(new Named(row.id(), row.text("name").orElse(null)));
            }
        }

        Listed listed() {
            return new Listed(count, List.copyOf(first));
        }
    }
}
