package dev.otherix.backup.offsite;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/** Starts copies by the clock. Stops before the web server, so that callers that wait for a copy get an answer. */
final class OffsiteTicks implements SmartLifecycle {

    private final Offsite offsite;
    private volatile boolean running;

    OffsiteTicks(Offsite offsite) {
        this.offsite = offsite;
    }

    @Scheduled(fixedDelayString = "PT5S")
    void tick() {
        if (running) {
            offsite.tick();
        }
    }

    @Override
    public void start() {
        running = true;
        // not only when the clock comes round
        offsite.tick();
    }

    @Override
    public void stop() {
        running = false;
        offsite.close();
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
