package dev.otherix.backup.cli;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.offsite.CopyRests;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which copies go, and whether somebody is asked before. */
final class DeleteOptions {

    @Option(
            names = "--all",
            description = "all copies that the other options leave; needs --cluster, and --member or --older-than")
    private boolean all;

    @Option(
            names = "--older-than",
            paramLabel = "D",
            converter = AgeConverter.class,
            description = "only those taken longer ago than this, such as 2160h")
    private @Nullable Duration olderThan;

    @Option(names = "--include-last", description = "also the newest proven copy of a cluster, and pinned ones")
    private boolean includeLast;

    @Option(names = "--dry-run", description = "lists what would go, asks nothing and changes nothing")
    private boolean dryRun;

    @Option(names = "--yes", description = "does not ask")
    private boolean yes;

    static final class AgeConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                var age = GoDuration.parse(text);
                if (!age.isNegative()) {
                    return age;
                }
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException("'" + text + "' " + malformed.getMessage());
            }
            throw new TypeConversionException("'" + text + "' is below zero");
        }
    }

    boolean includeLast() {
        return includeLast;
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean yes() {
        return yes;
    }

    /**
     * The snapshots that are named; none for all.
     *
     * @throws CommandFailure if it is not clear enough what goes
     */
    List<SnapshotName> names(List<String> texts, Optional<String> cluster, StoreOptions store) {
        if (texts.isEmpty() != all) {
            throw usage(
                    all ? "a NAME and --all contradict each other" : "no copy is named",
                    "Give names as \"otherix-etcd-backup offsite list\" shows them, or --all.");
        }
        if (all && (cluster.isEmpty() || store.member().isEmpty() && olderThan == null)) {
            throw usage(
                    "--all needs --cluster, and one of --member and --older-than",
                    "\"otherix-etcd-backup offsite list\" shows the clusters and members.");
        }
        if (!all && store.isFrom() && store.member().isEmpty()) {
            throw usage(
                    "with --from it is not known which member this host has",
                    "Name the member: --member ID. \"otherix-etcd-backup offsite list\" shows the ids.");
        }
        return texts.stream().distinct().map(DeleteOptions::name).toList();
    }

    private static SnapshotName name(String text) {
        return SnapshotName.parse(text)
                .orElseThrow(() -> usage(
                        "'" + OutputFormat.printable(text) + "' is not the name of a snapshot",
                        "Names look like otherix-20260606T031500Z.db."));
    }

    boolean isAll() {
        return all;
    }

    /** How old those are that go; empty if it does not matter. */
    Optional<String> age() {
        return Optional.ofNullable(olderThan).map(GoDuration::format);
    }

    DeleteChoice.Chosen oldEnough(DeleteChoice.Chosen chosen, Instant now) {
        if (olderThan == null) {
            return chosen;
        }
        var since = now.minus(olderThan);
        return new DeleteChoice.Chosen(
                chosen.copies().stream()
                        .filter(copy -> DeletePlan.takenAt(copy).isBefore(since))
                        .toList(),
                new CopyRests(
                        chosen.rests().rests().stream()
                                .filter(rest -> rest.place().name().second().isBefore(since))
                                .toList(),
                        chosen.rests().unseen()));
    }

    private static CommandFailure usage(String problem, String fix) {
        return new CommandFailure(problem, fix, ExitCode.USAGE, null);
    }
}
