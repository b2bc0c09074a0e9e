package dev.otherix.backup.cli;

import dev.otherix.backup.history.KeyChoice;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.UndoChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which transactions a command is about: by their revisions, or by the states before and after them. */
final class TransactionOptions {

    @Option(
            names = {"--revision", "--rev"},
            paramLabel = "R",
            split = ",",
            description = "the transactions with these revisions; may be repeated")
    private List<Long> revisions = new ArrayList<>();

    @Option(names = "--from", paramLabel = "M", description = "the transactions after M")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "M", description = "only those up to M (default: the snapshot's last)")
    private @Nullable String to;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            description = "only transactions that change a key that begins with P; each is undone whole; may be "
                    + "repeated")
    private List<String> prefixes = new ArrayList<>();

    /** @throws CommandFailure if they do not choose in one way */
    void requireUsage() {
        if (revisions.isEmpty() == (from == null)) {
            throw usage(
                    from == null ? "--revision or --from is missing" : "--revision and --from cannot be combined",
                    "To choose transactions, give --revision R[,R...], or --from M. To see which there are:"
                            + " otherix-etcd-backup history FILE --transactions --prefix ''");
        }
        if (to != null && from == null) {
            throw usage("--to needs --from", "Give --from M too.");
        }
        revisions.stream().filter(revision -> revision < 1).findFirst().ifPresent(revision -> {
            throw usage("--revision " + revision + " is no revision: the first one is 1", "Give one that is there.");
        });
    }

    static CommandFailure usage(String problem, String fix) {
        return new CommandFailure(problem, fix, ExitCode.USAGE, null);
    }

    /** The choice, with its times as they are now. */
    Chosen in(PastFiles files) {
        return new Chosen(new NamedSpan(files, "--from", from, "--to", to));
    }

    /** A choice, before a file is known. */
    final class Chosen {

        private final NamedSpan between;

        private Chosen(NamedSpan between) {
            this.between = between;
        }

        /** The states that the file has to hold: that before the first change, and that after the last. */
        List<NamedMoment> moments() {
            if (revisions.isEmpty()) {
                return between.moments();
            }
            var sorted = new TreeSet<>(revisions);
            return List.of(
                    new NamedMoment.Revision(Math.max(1, sorted.first() - 1)), new NamedMoment.Revision(sorted.last()));
        }

        /** The transactions of a file. */
        UndoChoice of(ProvenFile file) {
            var keys = KeyChoice.below(prefixes);
            if (!revisions.isEmpty()) {
                return UndoChoice.of(file.span(), new TreeSet<>(revisions), keys);
            }
            var found = between.in(file);
            return UndoChoice.between(found.after(), found.upTo(), keys);
        }
    }
}
