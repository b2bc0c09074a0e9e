package dev.otherix.backup.cli;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.restore.Owner;
import dev.otherix.backup.restore.Quarantine;
import dev.otherix.backup.restore.RestoreOrder;
import dev.otherix.backup.restore.Restored;
import dev.otherix.backup.restore.ShellWord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a restore made, and what comes next on this host, for a person. */
final class RestoreText {

    private final PrintWriter out;
    private final Clock clock;

    RestoreText(PrintWriter out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    void print(Path snapshot, RestoreOrder order, Restored restored) {
        var dry = order.allowed().dryRun();
        out.println(
                dry ? "nothing was written; " + restored.dataDirectory() + " can be made" : restored.dataDirectory());
        out.println("member    " + OutputFormat.printable(restored.member().name()) + ", id "
                + restored.member().hexId());
        out.println("cluster   id " + restored.cluster().hexId() + ", token "
                + OutputFormat.printable(restored.cluster().token()));
        out.println("          " + OutputFormat.printable(restored.cluster().text()));
        out.println("revision  " + restored.revision() + ", " + restored.liveKeys() + " live keys, HashKV "
                + restored.hashKv()
                + (restored.bumped() > restored.revision()
                        ? "; it goes on at " + restored.bumped() + ", and watchers begin anew"
                        : ""));
        out.println("snapshot  " + snapshot);
        out.println("          sha256 " + restored.sha256());
        out.println("CA        " + restored.caFingerprint().orElse("none in the snapshot"));
        out.println("etcd      "
                + restored.etcdVersion().map(OutputFormat::printable).orElse("any"));
        out.println("lost      " + lost(restored));
        out.println("owner     " + restored.owner().map(Owner::toString).orElse("the user who ran this"));
        restored.notes().forEach(note -> out.println("note      " + OutputFormat.printable(note)));
        if (!dry) {
            next(snapshot, order, restored);
        }
        if (restored.owner().map(Owner::isRoot).orElse(false)) {
            out.println();
            out.println("WARNING: " + restored.dataDirectory()
                    + " belongs to root, so otherix-api will not be able to read it.");
            out.println("chown -R otherix:otherix " + restored.dataDirectory());
        }
    }

    private String lost(Restored restored) {
        var since = restored.takenAt()
                .map(at -> "what was written after the snapshot, " + at + ", " + ago(at) + " ago")
                .orElse("what was written after the snapshot; no record beside it says when that was");
        return restored.earlier() ? "what was written after revision " + restored.revision() + ", and " + since : since;
    }

    private String ago(Instant at) {
        return GoDuration.format(Duration.between(at, clock.instant()).truncatedTo(ChronoUnit.SECONDS));
    }

    private void next(Path snapshot, RestoreOrder order, Restored restored) {
        var several = restored.cluster().members().size() > 1;
        out.println();
        out.println("Next on this host:");
        if (order.caDirectory().isEmpty() && restored.caFingerprint().isPresent()) {
            out.println(
                    "  0. put the snapshot's cluster CA on disk, if it is not. DIR is its directory, and is empty:");
            if (CopyName.ofSource(snapshot).isPresent()) {
                out.println(
                        "     fetch the snapshot with \"otherix-etcd-backup offsite fetch\"; FILE is what it prints:");
            }
            out.println("       otherix-etcd-backup ca "
                    + CopyName.ofSource(snapshot).map(_ -> "FILE").orElseGet(() -> ShellWord.of(snapshot))
                    + (order.raw() ? " --raw" : "") + " --out DIR && chown -R otherix:otherix DIR");
        }
        out.println("  1. quarantine, so that no agent acts on the old state:");
        block(Quarantine.begin());
        out.println(
                several
                        ? "  2. first restore and quarantine every host of the cluster, then start all within a minute:"
                        : "  2. start:");
        out.println("       systemctl unmask otherix-api && systemctl enable --now otherix-api");
        out.println("  3. look: otherix cluster member list, node list, vm list");
        out.println("     VMs that moved or were made since the snapshot: see \"restore plan\"");
        out.println("  4. end the quarantine, when you have compared:");
        block(Quarantine.endAndRestart());
        out.println("  5. start the backup service again:");
        out.println("       systemctl unmask otherix-etcd-backup && systemctl enable --now otherix-etcd-backup");
    }

    private void block(List<String> lines) {
        lines.forEach(line -> out.println("       " + line));
    }
}
