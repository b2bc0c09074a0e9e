package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.NotCopied.Why;
import dev.otherix.backup.offsite.OffsiteStatus.Code;
import dev.otherix.backup.offsite.OffsiteStatus.Finding;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells the state of one target from the records of the snapshots and from what is known of the store. */
final class TargetStatus {

    private final TargetParts parts;
    private final Trouble trouble;
    private final Duration late;
    private final Supplier<Optional<Instant>> since;

    /**
     * @param interval between two scheduled snapshots
     * @param since when copies began to go there: nothing has waited for longer
     */
    TargetStatus(TargetParts parts, Trouble trouble, Duration interval, Supplier<Optional<Instant>> since) {
        this.since = since;
        this.parts = parts;
        this.trouble = trouble;
        this.late = new SnapshotInterval(interval).lateCopy();
    }

    OffsiteStatus.OfTarget of(List<Snapshot> newestFirst, Instant now) {
        var pending = parts.choice().waiting(newestFirst, trouble.failing()).stream()
                .filter(snapshot ->
                        trouble.passed(snapshot.name(), Why.OTHER_CLUSTER).isEmpty())
                .toList();
        var oldest = pending.stream().map(Snapshot::createdAt).min(Instant::compareTo);
        var holdings = parts.sight().holdings();
        return new OffsiteStatus.OfTarget(
                parts.target(),
                newestFirst.stream()
                        .filter(this::isProven)
                        .map(Snapshot::createdAt)
                        .max(Instant::compareTo),
                pending.size(),
                oldest,
                holdings.copies(),
                holdings.oldest(),
                holdings.bytes(),
                parts.recheck().lastAt(newestFirst),
                trouble.error(),
                findings(newestFirst, oldest.filter(at -> isLate(at, now))),
                parts.tally().counts(parts.traffic().sent()));
    }

    private boolean isLate(Instant createdAt, Instant now) {
        // a time in the future is of a clock that was wrong
        var began = since.get()
                .filter(at -> at.isAfter(createdAt) && !at.isAfter(now))
                .orElse(createdAt);
        return began.plus(late).isBefore(now);
    }

    private boolean isProven(Snapshot snapshot) {
        return snapshot.copy(parts.target()).filter(TargetStatus::isProven).isPresent();
    }

    /** Whether it was proven, and nothing is known to have gone wrong with it since. */
    static boolean isProven(Copy copy) {
        return switch (copy.state()) {
            case COPIED, ARCHIVED, UNKNOWN -> true;
            case MISSING, CHANGED, REMOVED -> false;
        };
    }

    private List<Finding> findings(List<Snapshot> newestFirst, Optional<Instant> lateSince) {
        var findings = new ArrayList<Finding>();
        newestFirst.stream()
                .findFirst()
                .flatMap(newest -> trouble.passed(newest.name(), Why.OTHER_CLUSTER))
                .ifPresent(message -> findings.add(new Finding(Code.OFFSITE_OTHER_CLUSTER, message)));
        parts.sight().otherWriter().ifPresent(message -> findings.add(new Finding(Code.OFFSITE_OTHER_WRITER, message)));
        add(
                findings,
                Code.OFFSITE_MISSING,
                keys(newestFirst, Copy.State.MISSING),
                " not there any more, or without a record; find out who removes objects there");
        add(
                findings,
                Code.OFFSITE_CHANGED,
                keys(newestFirst, Copy.State.CHANGED),
                " not what was stored there; find out who writes there, and check the store");
        lateSince.ifPresent(since -> findings.add(new Finding(
                Code.OFFSITE_LATE,
                "no copy in " + parts.store().place() + " of a snapshot of " + since.truncatedTo(ChronoUnit.SECONDS)
                        + " yet" + trouble.error().map(why -> ": " + why).orElse(""))));
        return findings;
    }

    private List<String> keys(List<Snapshot> snapshots, Copy.State state) {
        return snapshots.stream()
                .flatMap(snapshot -> snapshot.copy(parts.target()).stream())
                .filter(copy -> copy.state() == state)
                .map(Copy::key)
                .toList();
    }

    private void add(List<Finding> findings, Code code, List<String> keys, String what) {
        if (!keys.isEmpty()) {
            findings.add(new Finding(
                    code,
                    String.join(", ", keys.subList(0, Math.min(3, keys.size())))
                            + (keys.size() > 3 ? " and " + (keys.size() - 3) + " more" : "") + " in "
                            + parts.store().place() + (keys.size() == 1 ? " is" : " are") + what));
        }
    }
}
