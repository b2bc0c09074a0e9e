package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.snapshot.Verification.Check;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.verify.CheckResult;
import dev.otherix.backup.verify.EtcdVersion;
import dev.otherix.backup.verify.FileSource;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoreFacts;
import dev.otherix.backup.verify.VerificationCancelled;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes all checks of a snapshot's file, during a run and later, and reports the result of each. */
public final class FileCheck {

    private static final Logger LOG = LoggerFactory.getLogger(FileCheck.class);
    private static final long AT_FULL_SPEED = 0;
    private static final double MILLIS = 1000;

    // never mapped: a page fault on a disk that hangs would stop the whole process, probes included
    private final SnapshotVerifier verifier = new SnapshotVerifier(BoltFile.Access.READ);
    private final CaCheck ca;
    private final Clock clock;
    private final List<Consumer<Check>> listeners = new CopyOnWriteArrayList<>();

    public FileCheck(CaCheck ca, Clock clock) {
        this.ca = ca;
        this.clock = clock;
    }

    /** Passes the result of each later check to {@code listener}, on the checking thread. */
    public void listen(Consumer<Check> listener) {
        listeners.add(listener);
    }

    /**
     * Checks a file that has just been streamed.
     *
     * @param etcd the version of the member that sent it, which must start with it
     * @param hashKv compares its key space with the member's, if the file is sound
     * @throws IOException if the file cannot be read
     * @throws VerificationCancelled if the thread was interrupted
     */
    public CheckedFile streamed(FileSource file, String etcd, Function<HashComparison.OfFile, Comparison> hashKv)
            throws IOException {
        try (var proof = verify(file, etcd, AT_FULL_SPEED, _ -> {})) {
            proof.remarks().forEach(remark -> LOG.info("note on the snapshot: {}", remark.message()));
            var checks = checks(proof, content -> timed(Check.HASH_KV, () -> hashKv.apply(content)));
            checks.forEach(this::report);
            var mismatch = checks.stream()
                    .filter(check -> check.name().equals(Check.HASH_KV) && check.outcome() == Outcome.FAILED);
            return result(
                    proof,
                    checks,
                    mismatch.map(check -> finding(check.name(), String.valueOf(check.detail())))
                            .toList());
        }
    }

    /**
     * Checks the file of an existing snapshot, also against its record. A read error is a finding.
     *
     * @param bytesPerSecond how fast it may be read; 0 = no limit
     * @param progress gets the number of bytes read
     * @throws IOException if the file cannot be opened
     * @throws VerificationCancelled if the thread was interrupted
     */
    public CheckedFile again(Snapshot snapshot, FileSource file, long bytesPerSecond, LongConsumer progress)
            throws IOException {
        try (var proof =
                verify(file, snapshot.etcd() == null ? null : snapshot.etcd().version(), bytesPerSecond, progress)) {
            var checks = checks(proof, _ -> recordedHash(snapshot));
            var recorded = snapshot.verified() ? snapshot.sha256() : null;
            var more = new ArrayList<Finding>();
            if (proof.good() && recorded != null && !recorded.equals(proof.sha256())) {
                var detail = "the file's SHA-256 is " + proof.sha256() + ", that of the snapshot was " + recorded;
                checks.set(
                        0,
                        new Check(
                                Check.FOOTER,
                                Outcome.FAILED,
                                detail,
                                checks.getFirst().checkedAt(),
                                checks.getFirst().seconds()));
                more.add(finding("sha256", detail));
            }
            checks.stream().filter(check -> !check.name().equals(Check.HASH_KV)).forEach(this::report);
            return result(proof, checks, more);
        } catch (FileSystemException notOpened) {
            throw notOpened;
        } catch (IOException unreadable) {
            return unreadable(snapshot, "the file cannot be read: " + DirectoryFailure.words(unreadable));
        }
    }

    /** @param etcd the version of the member that sent it, null if it is not known */
    private SnapshotProof verify(FileSource file, @Nullable String etcd, long bytesPerSecond, LongConsumer progress)
            throws IOException {
        var line = Optional.ofNullable(etcd).flatMap(EtcdVersion::parse).orElse(EtcdVersion.NEWEST);
        return verifier.verify(
                file,
                new SnapshotVerifier.Options(false, bytesPerSecond, SnapshotVerifier.Facts.PLAIN, line),
                progress);
    }

    private List<Check> checks(SnapshotProof proof, Function<HashComparison.OfFile, Check> hashKv) {
        var at = now();
        var checks = new ArrayList<>(List.of(
                of(Check.FOOTER, proof.footer(), at),
                of(Check.PAGES, proof.pages(), at),
                of(Check.ROWS, proof.rows(), at)));
        var facts = proof.facts();
        if (facts.isEmpty() || !proof.good()) {
            checks.add(notMade(Check.HASH_KV));
            checks.add(notMade(Check.CA));
        } else {
            checks.add(hashKv.apply(comparable(proof, facts.get())));
            checks.add(timed(Check.CA, () -> ca.check(proof.activeCa())));
        }
        return checks;
    }

    private static HashComparison.OfFile comparable(SnapshotProof proof, StoreFacts facts) {
        return new HashComparison.OfFile(
                proof.sizeBytes(),
                facts.revision(),
                facts.compactRevision(),
                compact -> facts.comparable() ? OptionalLong.of(proof.hashKv(compact)) : OptionalLong.empty());
    }

    private CheckedFile result(SnapshotProof proof, List<Check> checks, List<Finding> more) {
        var findings = Stream.concat(proof.findings().stream(), more.stream()).toList();
        var good = proof.good() && more.isEmpty();
        return new CheckedFile(
                new StoredFile(proof.sizeBytes(), proof.sha256()),
                content(proof),
                new Checked(
                        proof.activeCa().fingerprint(),
                        new Verification(
                                good ? Verification.State.VERIFIED : Verification.State.FAILED, now(), checks)),
                findings,
                proof.findingCount() + more.size());
    }

    private CheckedFile unreadable(Snapshot snapshot, String detail) {
        var footer = new Check(Check.FOOTER, Outcome.FAILED, detail, now(), null);
        report(footer);
        return new CheckedFile(
                new StoredFile(snapshot.sizeBytes(), null),
                null,
                new Checked(null, new Verification(Verification.State.FAILED, now(), List.of(footer))),
                List.of(finding("unreadable", detail)),
                1);
    }

    private Check recordedHash(Snapshot snapshot) {
        return snapshot.verification()
                .check(Check.HASH_KV)
                .orElseGet(() -> timed(
                        Check.HASH_KV,
                        () -> Comparison.skipped("only the run that takes a snapshot can compare it with the member")));
    }

    private Check notMade(String name) {
        return timed(name, () -> Comparison.skipped("the file is damaged"));
    }

    private Check timed(String name, Supplier<Comparison> comparison) {
        var began = System.nanoTime();
        var made = comparison.get();
        var took = made.outcome() == Outcome.SKIPPED ? null : seconds(Duration.ofNanos(System.nanoTime() - began));
        return new Check(name, made.outcome(), made.detail(), now(), took);
    }

    private static Check of(String name, CheckResult result, Instant at) {
        return new Check(
                name,
                result.outcome(),
                result.detail(),
                at,
                result.outcome() == Outcome.SKIPPED ? null : seconds(result.took()));
    }

    private static Finding finding(String code, String message) {
        return new Finding(code, null, null, message);
    }

    private static @Nullable Content content(SnapshotProof proof) {
        return proof.facts()
                .map(facts -> new Content(
                        facts.revision(),
                        facts.compactRevision(),
                        facts.liveKeys(),
                        facts.totalEntries(),
                        facts.hashKv()))
                .orElse(null);
    }

    private void report(Check check) {
        listeners.forEach(listener -> listener.accept(check));
    }

    private static double seconds(Duration took) {
        return took.toMillis() / MILLIS;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
