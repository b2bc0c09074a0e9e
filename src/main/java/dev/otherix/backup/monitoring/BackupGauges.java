package dev.otherix.backup.monitoring;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Verification;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The state at the moment of the scrape. Times are seconds since 1970, 0 = never; sizes are bytes, NaN = not known; 1
 * means yes and 0 no. The member's values are from its last answer. The directory counts the snapshots that
 * disappeared.
 */
final class BackupGauges {

    private static final List<String> ALARMS = List.of("NOSPACE", "CORRUPT");

    private final MeterRegistry registry;
    private final Readings readings;

    BackupGauges(MeterRegistry registry, Readings readings) {
        this.registry = registry;
        this.readings = readings;
    }

    /** Makes every gauge. */
    void register() {
        registerSchedule();
        registerSnapshots();
        registerSpaceAndMember();
    }

    private void registerSchedule() {
        flag(
                "enabled",
                "Whether periodic backups are on",
                state -> state.settings().enabled());
        gauge(
                "interval",
                "seconds",
                "Time between periodic backups",
                state -> state.settings().interval().toMillis() / 1000.0);
        time(
                "last.attempt",
                "When the last run began",
                state -> state.lastAttempt().map(LastRun::startedAt));
        time(
                "last.success",
                "When the newest verified snapshot was taken that holds all acknowledged writes",
                state -> state.directory().lastSuccess());
        time(
                "last.local",
                "When the newest verified snapshot was taken that holds what the local member had",
                state -> state.directory().lastLocal());
        time(
                "next.due",
                "When the next periodic snapshot is due",
                state -> state.plan().nextDueAt());
        flag(
                "overdue",
                "Whether a periodic snapshot is missing",
                state -> state.plan().overdue());
        flag("running", "Whether a run is in progress", BackupStatus::running);
    }

    private void registerSnapshots() {
        gauge(
                "snapshots",
                null,
                "Snapshots in the directory",
                state -> state.directory().newestFirst().size());
        gauge(
                "pinned.snapshots",
                null,
                "Pinned snapshots",
                state -> state.directory().pinned());
        gauge(
                "held.snapshots",
                null,
                "Snapshots kept though neither their number, their age nor a pin asks for it",
                state -> state.directory().held());
        gauge(
                "held",
                "bytes",
                "Size of the held snapshots",
                state -> state.directory().heldBytes());
        gauge(
                "corrupt.snapshots",
                null,
                "Snapshots that were found corrupt and renamed",
                state -> state.directory().bad().corrupt());
        time(
                "oldest.snapshot",
                "When the oldest snapshot was taken",
                state -> state.directory().oldest());
        time(
                "newest.snapshot",
                "When the newest snapshot was taken",
                state -> state.directory().newest());
        time(
                "restorable.since",
                "From when on every moment until the newest verified snapshot can be restored",
                state -> Optional.ofNullable(state.directory().restorable().since()));
        count(
                "removed",
                "Snapshots that this service removed from the directory",
                state -> state.directory().removed());
        count(
                "vanished",
                "Snapshots that disappeared from the directory without this service",
                state -> state.directory().vanished());
        gauge(
                "snapshot.size",
                "bytes",
                "Size of the newest verified snapshot",
                state -> state.directory()
                        .newestVerified()
                        .map(Snapshot::sizeBytes)
                        .orElse(0L));
        gauge(
                "snapshot.keys",
                null,
                "Live keys in the newest verified snapshot",
                state -> ofNewest(state, Snapshot::liveKeys));
        gauge(
                "snapshot.revision",
                null,
                "Revision of the newest verified snapshot",
                state -> ofNewest(state, Snapshot::revision));
        gauge(
                "ca.match",
                null,
                "Whether the active cluster CA in the newest verified snapshot is the one on disk",
                state -> state.directory()
                        .ca()
                        .map(Verification.Check::outcome)
                        .map(BackupGauges::match)
                        .orElse(Double.NaN));
        flag(
                "shared.directory",
                "Whether another program is believed to write snapshots into the directory",
                state -> state.sharedDirectory().isPresent());
    }

    private void registerSpaceAndMember() {
        gauge(
                "dir.free",
                "bytes",
                "Free space on the directory's file system",
                state -> state.directory().freeBytes());
        gauge(
                "dir.required",
                "bytes",
                "Free space without which a run is refused",
                state -> dbSize(state) + state.directory().reserveBytes());
        gauge("member.db.size", "bytes", "Size of the member's database", BackupGauges::dbSize);
        ALARMS.forEach(alarm -> gauge(
                "member.alarm",
                null,
                "Whether etcd has raised this alarm",
                state -> state.alarm(alarm) ? 1 : 0,
                "alarm",
                alarm));
    }

    private static double ofNewest(BackupStatus state, Function<Snapshot, @Nullable Long> fact) {
        return state.directory()
                .newestVerified()
                .map(newest -> Optional.ofNullable(fact.apply(newest))
                        .map(Long::doubleValue)
                        .orElse(Double.NaN))
                .orElse(0.0);
    }

    private static double match(Verification.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> 1;
            case FAILED -> 0;
            case INCONCLUSIVE, SKIPPED -> Double.NaN;
        };
    }

    private static double dbSize(BackupStatus state) {
        return state.memberStatus()
                .map(MemberStatus::dbSizeBytes)
                .map(Long::doubleValue)
                .orElse(Double.NaN);
    }

    private void flag(String name, String description, Predicate<BackupStatus> question) {
        gauge(name, null, description, state -> question.test(state) ? 1 : 0);
    }

    private void time(String name, String description, Function<BackupStatus, Optional<Instant>> when) {
        gauge(
                name + ".timestamp",
                "seconds",
                description,
                state -> when.apply(state).map(at -> at.toEpochMilli() / 1000.0).orElse(0.0));
    }

    private void count(String name, String description, ToDoubleFunction<BackupStatus> soFar) {
        FunctionCounter.builder(BackupMetrics.PREFIX + name, readings, some -> soFar.applyAsDouble(some.now()))
                .description(description)
                .register(registry);
    }

    private void gauge(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<BackupStatus> value,
            String... tags) {
        Gauge.builder(BackupMetrics.PREFIX + name, readings, some -> value.applyAsDouble(some.now()))
                .baseUnit(unit)
                .description(description)
                .tags(Tags.of(tags))
                .strongReference(true)
                .register(registry);
    }
}
