package dev.otherix.backup.log;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
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
        var logger = (Logger) LoggerFactory.getLogger(Written.class);
        // whatever level another service in this process has set
        logger.setLevel(Level.ERROR);
        logger.error(last);
        await("the lines that wait")
                .atMost(Duration.ofMinutes(1))
                .until(() -> output.getAll().contains(last));
        return output;
    }
}
