package dev.otherix.backup;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How long a test awaits what must come: a limit that only catches a hang, wide enough for a machine that does
 * something else at the same time. A test names another one only where the limit is what it tests. Registered as a
 * service of the JUnit platform.
 */
public final class Patience implements TestExecutionListener {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
