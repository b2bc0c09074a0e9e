package dev.otherix.backup.cli;

import dev.otherix.backup.restore.WillHappen;
import dev.otherix.backup.restore.WillHappen.Listed;
import dev.otherix.backup.restore.WillHappen.Named;
import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;

/** What agents and workers will do, for a person. */
final class WillHappenText {

    private static final int MOST = 20;
    // they are compared one by one
    private static final int MOST_COMPARED = 500;

    private final PrintWriter out;

    WillHappenText(PrintWriter out) {
        this.out = out;
    }

    void print(WillHappen state) {
        out.println("What happens when the quarantine ends, from the state at revision " + state.revision() + ":");
        jobs("jobs that run: ", state.jobs().pending());
        jobs("jobs that newer versions run again: ", state.jobs().running());
        list("  - VMs deleted with their disks", state.vms().deleted(), "    ", MOST_COMPARED);
        list("VMs stopped", state.vms().stopped());
        if (state.vms().deletedBefore() > 0) {
            out.println("  - VMs deleted before the snapshot: " + state.vms().deletedBefore()
                    + ". An agent that still has one destroys it.");
        }
        pins(state.vms());
        list("disk snapshots that the state has (later ones lose their data)", state.diskSnapshots());
        list("nodes that the state knows (later ones have to join again)", state.nodes());
        state.unreadable()
                .forEach((kind, count) -> out.println("  - WARNING: " + count + " rows of "
                        + OutputFormat.printable(kind) + " could not be understood, so nothing is said about them"));
    }

    private void jobs(String title, Map<String, Long> kinds) {
        out.println("  - " + title
                + (kinds.isEmpty()
                        ? "none"
                        : kinds.entrySet().stream()
                                .map(kind -> kind.getValue() + " " + OutputFormat.printable(kind.getKey()))
                                .collect(Collectors.joining(", "))));
    }

    private void pins(WillHappen.Vms vms) {
        out.println("  - where the state has each VM; destroyed where it lives if it is elsewhere now:"
                + (vms.pinned().isEmpty() ? " none" : ""));
        for (var node : vms.pinned()) {
            var name = node.node() == null ? "node" : node.node();
            list("    on " + name + " " + node.nodeId(), node.vms(), "      ", MOST_COMPARED);
        }
        if (vms.notPinned() > 0) {
            out.println("    on no node: " + vms.notPinned());
        }
    }

    private void list(String title, Listed listed) {
        list("  - " + title, listed, "    ", MOST);
    }

    private void list(String title, Listed listed, String indent, int most) {
        out.println(OutputFormat.printable(title) + ": " + (listed.count() == 0 ? "none" : listed.count()));
        listed.first().stream().limit(most).map(WillHappenText::text).forEach(text -> out.println(indent + text));
        if (listed.count() > most) {
            out.println(indent + "and " + (listed.count() - most) + " more"
                    + (listed.first().size() > most
                            ? ", of which -o json shows " + (listed.first().size() - most)
                            : ""));
        }
    }

    private static String text(Named named) {
        return OutputFormat.printable(named.id() + (named.name() == null ? "" : "  " + named.name()));
    }
}
