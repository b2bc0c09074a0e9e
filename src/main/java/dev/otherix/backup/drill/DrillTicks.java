package dev.otherix.backup.drill;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/** Starts drills by the clock. Stops before the web server, so that callers that wait for a drill get an answer. */
final class DrillTicks implements SmartLifecycle {

    private final Drills drills;
    private volatile boolean running;

    DrillTicks(Drills drills) {
        this.drills = drills;
    }

    @Scheduled(fixedDelayString = "PT5S")
    void tick() {
        if (running) {
            drills.tick();
        }
    }

    @Override
    public void start() {
        running = true;
        // what a killed drill left is removed at once
        drills.tick();
    }

    @Override
    public void stop() {
        running = false;
        drills.close();
    }

    /** Beside the others that stop in this phase. */
    @Override
    public void stop(Runnable stopped) {
        Thread.ofPlatform().daemon().name("drill-stop").start(() -> {
            try {
                stop();
            } finally {
                stopped.run();
            }
        });
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
