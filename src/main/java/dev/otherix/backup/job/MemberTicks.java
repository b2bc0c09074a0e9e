package dev.otherix.backup.job;

import dev.otherix.backup.etcd.MemberWatch;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/** Checks the member every few seconds. Stops early, so that a member that does not answer does not delay a stop. */
final class MemberTicks implements SmartLifecycle {

    private final MemberWatch watch;
    private volatile boolean running;

    MemberTicks(MemberWatch watch) {
        this.watch = watch;
    }

    @Scheduled(fixedDelayString = "PT5S")
    void look() {
        watch.look();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        watch.close();
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
