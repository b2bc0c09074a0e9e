package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.RecordFormat;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.snapshot.Verification.Check;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.verify.CheckResult;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.StoreFacts;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was fetched, after it was proven: it has to be what its stored record says, and gets a local record. */
public final class FetchedSnapshot {

    private final StoredRecord record;

    public FetchedSnapshot(StoredRecord record) {
        this.record = record;
    }

    /** Why the file is not what its record says; empty if it is. @param proof of the file, with its facts */
    public Optional<String> problem(SnapshotProof proof) {
        return proof.good()
                ? difference(proof)
                : Optional.of("it has findings (" + proof.findingCount() + "), the first: "
                        + proof.findings().getFirst().message());
    }

    private Optional<String> difference(SnapshotProof proof) {
        var facts = proof.facts().orElseThrow();
        var recorded = record.facts();
        return Stream.of(
                        differs("SHA-256", proof.sha256(), record.sha256()),
                        differs("cluster CA", proof.activeCa().fingerprint(), record.caFingerprint()),
                        unlessUnknown("revision", facts.revision(), recorded.revision()),
                        unlessUnknown("compact revision", facts.compactRevision(), recorded.compactRevision()),
                        unlessUnknown("number of live keys", facts.liveKeys(), recorded.liveKeys()),
                        unlessUnknown("HashKV", facts.hashKv(), recorded.hashKv()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> unlessUnknown(String what, long found, @Nullable Long recorded) {
        return recorded == null ? Optional.empty() : differs(what, found, recorded);
    }

    private static Optional<String> differs(String what, @Nullable Object found, @Nullable Object recorded) {
        return Objects.equals(found, recorded)
                ? Optional.empty()
                : Optional.of("its " + what + " is " + text(found) + ", and its record says " + text(recorded));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "none" : value.toString();
    }

    /** The record for beside the file, as the service writes it; what only the run knew is null. */
    public byte[] localRecord(SnapshotProof proof, Instant checkedAt) {
        return RecordFormat.JSON.writeValueAsBytes(snapshot(proof, checkedAt));
    }

    /** What that record says. */
    Snapshot snapshot(SnapshotProof proof, Instant checkedAt) {
        var facts = proof.facts().orElseThrow();
        return new Snapshot(
                record.name(),
                record.createdAt(),
                new StoredFile(proof.sizeBytes(), proof.sha256()),
                content(facts),
                new Origin(member(), null, List.of(), record.history()),
                new Keeping(record.lineage(), record.pinned(), List.of()),
                new Checked(proof.activeCa().fingerprint(), checks(proof, checkedAt)),
                List.of());
    }

    private static Content content(StoreFacts facts) {
        return new Content(
                facts.revision(), facts.compactRevision(), facts.liveKeys(), facts.totalEntries(), facts.hashKv());
    }

    private @Nullable MemberFacts member() {
        var etcd = record.etcd();
        return etcd == null
                ? null
                : new MemberFacts(
                        etcd.version(),
                        etcd.clusterId(),
                        etcd.memberId(),
                        null,
                        etcd.consistency(),
                        null,
                        List.of(),
                        null);
    }

    /** Those of the file are made anew; how it compared with its member is what the stored record says. */
    private Verification checks(SnapshotProof proof, Instant at) {
        var recorded = record.verification().checks().stream()
                .filter(check -> check.name().equals(Check.HASH_KV))
                .map(check -> new Check(check.name(), check.outcome(), null, null, null));
        return new Verification(
                Verification.State.VERIFIED,
                at,
                Stream.concat(
                                Stream.of(
                                        check(Check.FOOTER, proof.footer(), at),
                                        check(Check.PAGES, proof.pages(), at),
                                        check(Check.ROWS, proof.rows(), at)),
                                Stream.concat(
                                        recorded.limit(1),
                                        Stream.of(new Check(
                                                Check.CA,
                                                Outcome.SKIPPED,
                                                "the file was fetched, and compared with its record",
                                                at,
                                                null))))
                        .toList());
    }

    private static Check check(String name, CheckResult result, Instant at) {
        return new Check(name, result.outcome(), result.detail(), at, null);
    }
}
