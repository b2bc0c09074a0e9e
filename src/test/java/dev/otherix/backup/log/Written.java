package dev.otherix.backup.log;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;

/** The log as it was written, all that was logged before included. */
public final class Written {

    private Written() {}

    /** Waits until what was logged so far is out. */
    public static CapturedOutput out(CapturedOutput output) {
        var last = UUID.randomUUID().toString();
        LoggerFactory.getLogger(Written.class).error(last);
        await("the lines that wait")
                .atMost(Duration.ofMinutes(1))
                .until(() -> output.getAll().contains(last));
        return output;
    }
}
