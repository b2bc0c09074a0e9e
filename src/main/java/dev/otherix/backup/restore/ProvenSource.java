package dev.otherix.backup.restore;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.verify.ClusterRows;
import dev.otherix.backup.verify.FileDetails;
import dev.otherix.backup.verify.SnapshotProof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a restore has to know of its snapshot, which has no findings.
 *
 * @param revision of the moment that is restored
 * @param compactRevision of the snapshot
 * @param recordedHash etcd's HashKV at that revision, as the record says it
 */
record ProvenSource(
        long revision,
        long compactRevision,
        String sha256,
        Optional<String> caFingerprint,
        Optional<String> etcdVersion,
        Optional<Instant> takenAt,
        Optional<Long> recordedHash,
        List<FileDetails.Member> members,
        List<String> notes) {

    /** @throws Refused if the snapshot is not to be restored */
    static ProvenSource of(RestoreOrder order, SnapshotProof proof, RecordBeside record) {
        var file = order.file();
        ProvenFile.requireGood(file, proof, order.raw() ? Optional.empty() : record.against(proof));
        var rows = proof.storedRows();
        var cluster = ClusterRows.of(proof);
        var whole = order.revision().isEmpty();
        var revision = order.revision().orElse(rows.revision());
        if (!whole) {
            // refuses what the file does not hold
            var held =
                    record.span(file, proof).state(order.moment().orElseGet(() -> new NamedMoment.Revision(revision)));
            if (held.revision() != revision) {
                throw new Refused(
                        "the record beside " + file + " has changed: "
                                + order.moment().orElseThrow() + " is revision " + held.revision() + " now, and was "
                                + revision,
                        "Repeat the command.");
            }
        }
        var ca = Optional.ofNullable(proof.activeCa().fingerprint());
        order.caFingerprint().ifPresent(wanted -> requireCa(file.toString(), wanted, ca));
        return new ProvenSource(
                revision,
                rows.compactRevision(),
                proof.sha256(),
                ca,
                record.etcdVersion(proof).or(proof::neededLine),
                record.takenAt(proof),
                whole ? record.hashKv(proof) : Optional.empty(),
                cluster.members(),
                notes(proof, cluster));
    }

    private static void requireCa(String file, String wanted, Optional<String> found) {
        if (!found.map(ca -> ca.equals(normalized(wanted))).orElse(false)) {
            throw new Refused(
                    file + " has " + found.map(ca -> "the cluster CA " + ca).orElse("no cluster CA") + ", not "
                            + normalized(wanted),
                    "It is the snapshot of another cluster. Name one of yours.");
        }
    }

    private static String normalized(String fingerprint) {
        var lower = fingerprint.toLowerCase(Locale.ROOT).replace(":", "");
        return "sha256:" + (lower.startsWith("sha256") ? lower.substring("sha256".length()) : lower);
    }

    private static List<String> notes(SnapshotProof proof, ClusterRows cluster) {
        var notes = new ArrayList<String>();
        proof.remarks().forEach(remark -> notes.add(remark.message()));
        for (var alarm : cluster.alarms()) {
            notes.add(
                    alarm.alarm().equals("NOSPACE")
                            ? "the alarm NOSPACE of member " + alarm.memberId()
                                    + " was left out: the new database is compact; etcd raises it again if it must"
                            : "the alarm " + alarm.alarm() + " of member " + alarm.memberId()
                                    + " is still on, and etcd refuses writes until it is disarmed");
        }
        return notes;
    }
}
