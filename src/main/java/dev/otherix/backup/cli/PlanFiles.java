package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.Comparison;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.restore.Candidate;
import dev.otherix.backup.restore.SnapshotChoice;
import dev.otherix.backup.snapshot.DirectoryFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Proves the snapshots that a plan may choose from, one after the other, and passes over those that are no use. */
final class PlanFiles implements SnapshotChoice.Divergence<Candidate> {

    private static final String NOTHING = "no otherix-*.db is in this directory; name a file of another name itself";

    private final PastFiles files;
    private final PlanCopies copies;

    PlanFiles(PastFiles files, PlanCopies copies) {
        this.files = files;
        this.copies = copies;
    }

    /** @param passedOver in the order in which they were found */
    record Found(List<Candidate> snapshots, List<PassedOver> passedOver) {}

    /** @param name the path as it was found */
    record PassedOver(String name, String reason) {}

    /**
     * Proves them.
     *
     * @param named files, and directories for all {@code otherix-*.db} in them; one without any is passed over
     * @param moment that each has to hold
     * @throws CommandFailure if a directory, or the only file, cannot be read
     * @throws Refused if the only file cannot be restored
     */
    Found prove(List<Path> named, Optional<NamedMoment> moment) {
        var paths = new LinkedHashSet<NamedFile>();
        var found = new Found(new ArrayList<>(), new ArrayList<>());
        for (var path : named) {
            var files = files(path);
            if (files.isEmpty()) {
                found.passedOver().add(new PassedOver(path.toString(), NOTHING));
            }
            paths.addAll(files);
        }
        for (var file : paths) {
            try {
                found.snapshots().add(candidate(file.path(), moment));
            } catch (Refused | CommandFailure | DirectoryFailure unusable) {
                if (paths.size() == 1 && !file.listed()) {
                    throw unusable;
                }
                if (!file.listed() || Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
                    found.passedOver().add(new PassedOver(copies.shown(file.path()), reason(unusable)));
                }
            }
        }
        return found;
    }

    private static String reason(RuntimeException unusable) {
        return OutputFormat.printable(String.valueOf(unusable.getMessage()));
    }

    private Candidate candidate(Path path, Optional<NamedMoment> moment) {
        return files.openWithDetails(path, file -> Candidate.of(file, copies.shown(path), moment));
    }

    private static List<NamedFile> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(new NamedFile(path, false));
        }
        UnreadableFile.ofDirectory(path).ifPresent(why -> {
            throw new CommandFailure(path + " " + why.problem(), why.fix(), ExitCode.NOT_READ, null);
        });
        try {
            return NamedFile.in(path);
        } catch (IOException broken) {
            throw new CommandFailure(
                    "cannot read " + path + ": " + new NamedFile(path, false).reason(broken),
                    "Name a directory that this user may read.",
                    ExitCode.NOT_READ,
                    broken);
        }
    }

    /** The record of a snapshot, by which a restore says what is lost; none if it is not there. */
    static List<Path> record(Path snapshot) {
        var beside =
                snapshot.resolveSibling(String.valueOf(snapshot.getFileName()).replaceFirst("\\.db$", "") + ".json");
        return Files.isRegularFile(beside) ? List.of(beside) : List.of();
    }

    @Override
    public boolean between(Candidate earlier, Candidate later) {
        return earlier.comparable(later) && diverged(earlier.path(), later.path());
    }

    private boolean diverged(Path earlier, Path later) {
        return files.open(
                earlier,
                false,
                one -> files.open(
                        later,
                        false,
                        other -> files.withProgress(
                                        other, progress -> Comparison.of(List.of(one.rows(), other.rows()), progress))
                                instanceof Comparison.Result.Diverged));
    }
}
