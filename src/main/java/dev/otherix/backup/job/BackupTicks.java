package dev.otherix.backup.job;

import dev.otherix.backup.check.Inspections;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Starts runs and checks by the clock. Stops before the web server, so that callers that wait for a snapshot get an
 * answer.
 */
final class BackupTicks implements SmartLifecycle {

    private final BackupSchedule schedule;
    private final BackupJob job;
    private final Inspections inspections;
    private final EarlyPrune early;
    private final SharedDirectory sharedDirectory;
    private final HangWatch hangs;
    private final Supplier<Stream<TickListener>> listeners;
    private volatile boolean running;

    BackupTicks(
            BackupSchedule schedule,
            BackupJob job,
            Inspections inspections,
            EarlyPrune early,
            SharedDirectory sharedDirectory,
            HangWatch hangs,
            Supplier<Stream<TickListener>> listeners) {
        this.hangs = hangs;
        this.listeners = listeners;
        this.schedule = schedule;
        this.job = job;
        this.inspections = inspections;
        this.early = early;
        this.sharedDirectory = sharedDirectory;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        if (running) {
            schedule.next().ifPresent(due -> job.tick(due.trigger(), due.goodOnly()));
            listeners.get().forEach(TickListener::ticked);
        }
    }

    @Scheduled(fixedDelayString = "PT10S")
    void inspect() {
        if (running) {
            inspections.look();
            sharedDirectory.reportArrival();
        }
    }

    @Override
    public void start() {
        inspections.first(() -> job.prunedAtStart(early.atStart()));
        hangs.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        inspections.close();
        job.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
