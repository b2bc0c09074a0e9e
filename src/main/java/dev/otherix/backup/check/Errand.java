package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.task.TaskFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retention at the start: work that reads files, without a waiting caller. */
final class Errand extends Check {

    private static final Logger LOG = LoggerFactory.getLogger(Errand.class);

    private final Runnable work;

    Errand(DiskCalls calls, Runnable work) {
        super(calls);
        this.work = work;
    }

    @Override
    void check() {
        work.run();
    }

    @Override
    public void refuse() {
        // the next start requests it again
    }

    @Override
    void givenUp(TaskFailure why) {
        LOG.warn("retention at the start was abandoned: {}", why.message());
    }
}
