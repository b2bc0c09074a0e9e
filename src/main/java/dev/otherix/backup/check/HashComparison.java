package dev.otherix.backup.check;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.MemberConnection;
import dev.otherix.backup.etcd.MemberHash;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.task.Cancelled;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the hash of a file's key space with the hash of the member that sent it: whether all keys arrived unchanged.
 * It does not show whether this member agrees with the others of its cluster.
 *
 * <p>A member remembers hashes of earlier compactions and returns them for their revision. So it is asked for its
 * current hash if the file has the current revision. Its answer is valid for the compact revision that it names, and
 * the file's hash is computed with the same one.
 */
public final class HashComparison {

    /**
     * A leader is asked only up to this database size, because its clients' writes wait while it answers. On a two-core
     * machine with values of 256 bytes, this size takes 100 ms; from there on etcd itself calls a write slow.
     */
    static final long SMALL_BYTES = 32L << 20;

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);
    private static final Duration LEAST_LIMIT = Duration.ofSeconds(30);
    private static final long BYTES_PER_SECOND = 16L << 20;
    private static final int TRIES = 3;
    private static final Duration CATCH_UP = Duration.ofMillis(200);

    private final VerificationProperties.HashKv when;

    public HashComparison(VerificationProperties.HashKv when) {
        this.when = when;
    }

    /**
     * The part of a file that is compared.
     *
     * @param hash its hash at its revision and a compact revision not below its own; empty if no key is live
     */
    public record OfFile(long bytes, long revision, long compactRevision, LongFunction<OptionalLong> hash) {}

    /** Asks the member, if the setting allows it. A mismatch counts only if the member returns it twice. */
    public Comparison compare(MemberConnection member, MemberStatus status, OfFile file) {
        var reason = notAsked(status, file);
        if (reason != null) {
            return Comparison.skipped(reason);
        }
        try {
            var first = compareOnce(member, file);
            if (first.outcome() != Outcome.FAILED) {
                return first;
            }
            var second = compareOnce(member, file);
            return second.outcome() == Outcome.INCONCLUSIVE
                    ? Comparison.inconclusive(first.detail() + "; asked again: " + second.detail())
                    : second;
        } catch (EtcdFailure failure) {
            if (failure.reason() == EtcdFailure.Reason.CANCELLED) {
                throw failure;
            }
            return Comparison.inconclusive("the member could not be asked: " + failure.problem());
        }
    }

    private @Nullable String notAsked(MemberStatus status, OfFile file) {
        return switch (when) {
            case ALWAYS -> null;
            case NEVER -> "not asked: verification.hash_kv is never";
            case AUTO ->
                status.role() != MemberFacts.Role.LEADER || file.bytes() <= SMALL_BYTES
                        ? null
                        : "not asked: this member is the leader, and its writes would wait while it reads its "
                                + file.bytes() + " bytes; to ask anyway, set verification.hash_kv: always";
        };
    }

    private static Comparison compareOnce(MemberConnection member, OfFile file) {
        return switch (ask(member, file)) {
            case MemberHash.Untold(MemberHash.Reason reason) -> Comparison.inconclusive(words(reason, file.revision()));
            case MemberHash.Told told -> compare(told, file);
        };
    }

    private static Comparison compare(MemberHash.Told told, OfFile file) {
        var compact = told.compactRevision();
        if (told.hashRevision() != null && told.hashRevision() != file.revision()) {
            return Comparison.inconclusive(
                    "the member answered for revision " + told.hashRevision() + ", the file is of " + file.revision());
        }
        if (compact < file.compactRevision() || compact > file.revision()) {
            return Comparison.inconclusive("the member returned a hash with the compact revision " + compact
                    + ", which cannot be computed from"
                    + " a file of revision " + file.revision() + " that is compacted at " + file.compactRevision()
                    + "; it remembers such a hash from an earlier compaction");
        }
        var own = file.hash().apply(compact);
        if (own.isEmpty()) {
            return Comparison.inconclusive(
                    "no key is live, and the hash then depends on how far the member has cleaned up");
        }
        return own.getAsLong() == told.hash()
                ? Comparison.PASSED
                : Comparison.failed("at revision " + file.revision() + " and compact revision " + compact
                        + " the member's hash is " + told.hash() + ", the file's is " + own.getAsLong());
    }

    private static MemberHash ask(MemberConnection member, OfFile file) {
        var limit = LEAST_LIMIT.plusSeconds(file.bytes() / BYTES_PER_SECOND);
        for (int attempt = 1; ; attempt++) {
            var answer = askOnce(member, file.revision(), limit);
            if (!answer.equals(new MemberHash.Untold(MemberHash.Reason.FUTURE)) || attempt == TRIES) {
                return answer;
            }
            catchUp();
        }
    }

    private static MemberHash askOnce(MemberConnection member, long revision, Duration limit) {
        if (member.status(STATUS_LIMIT).revision() == revision) {
            var current = member.hashKv(0, limit);
            if (!(current instanceof MemberHash.Told told) || told.memberRevision() == revision) {
                return current;
            }
        }
        return member.hashKv(revision, limit);
    }

    private static void catchUp() {
        try {
            Thread.sleep(CATCH_UP);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new Cancelled("the run was cancelled");
        }
    }

    private static String words(MemberHash.Reason reason, long revision) {
        return switch (reason) {
            case COMPACTED -> "the member has compacted its history beyond revision " + revision + " meanwhile";
            case FUTURE -> "the member says that it has not reached revision " + revision + ", which it has sent";
            case LEARNER -> "this member is a learner, and learners do not return a hash";
            case DENIED -> "the user in etcd.username may not ask; it needs the role root";
            case TIMEOUT -> "the member did not answer in time";
        };
    }
}
