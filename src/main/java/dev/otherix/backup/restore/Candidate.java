package dev.otherix.backup.restore;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.State;
import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.verify.FileDetails;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A proven snapshot that may be restored, as its file shows it.
 *
 * @param path as it was found
 * @param place the same for a person
 * @param takenAt from its name; for a file of another name from its record; empty if neither says it
 * @param dataUntil the time of the state to restore; empty if it is not known
 * @param at the revision to restore: that of the moment that is wanted, else the last
 * @param clusterId lower-case hex; empty if no record beside it says it
 * @param caFingerprint of the active cluster CA; empty if there is none
 */
public record Candidate(
        Path path,
        String place,
        String sha256,
        Optional<Instant> takenAt,
        Optional<Instant> dataUntil,
        long compactRevision,
        long revision,
        long at,
        long liveKeys,
        long hashKv,
        Optional<String> clusterId,
        Optional<String> caFingerprint,
        FileDetails details)
        implements SnapshotChoice.Choosable {

    /**
     * Of a file that was opened with its details.
     *
     * @param place what a person calls it
     * @throws dev.otherix.backup.history.Refused if it does not hold the moment
     */
    public static Candidate of(ProvenFile file, String place, Optional<NamedMoment> moment) {
        var facts = file.proof().facts().orElseThrow();
        var span = file.span();
        var name = SnapshotName.parse(String.valueOf(file.path().getFileName()));
        var takenAt = name.map(SnapshotName::second).or(() -> span.time(facts.revision()));
        var state = moment.map(span::state);
        return new Candidate(
                file.path(),
                place,
                file.proof().sha256(),
                takenAt,
                state.isPresent() ? state.map(State::mark).map(Mark::time) : takenAt,
                facts.compactRevision(),
                facts.revision(),
                state.map(State::revision).orElse(facts.revision()),
                facts.liveKeys(),
                facts.hashKv(),
                file.clusterId(),
                Optional.ofNullable(file.proof().activeCa().fingerprint()),
                file.proof().details().orElseThrow());
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** Whether a look into the files could show that they have different histories. */
    public boolean comparable(Candidate other) {
        return !sameAs(other) && overlaps(other);
    }

    /** Whether a revision above the compact one is in both, so that they can be compared. */
    private boolean overlaps(Candidate other) {
        return Math.max(compactRevision, other.compactRevision) <= Math.min(revision, other.revision);
    }

    /** Whether they hold the same without a look into the files. */
    private boolean sameAs(Candidate other) {
        return sha256.equals(other.sha256)
                || liveKeys > 0
                        && liveKeys == other.liveKeys
                        && revision == other.revision
                        && compactRevision == other.compactRevision
                        && hashKv == other.hashKv;
    }
}
