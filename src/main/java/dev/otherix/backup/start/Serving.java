package dev.otherix.backup.start;

import dev.otherix.backup.job.DirectoryAtStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;

/** Runs the service; a second time where its directory did not answer at first. */
public final class Serving {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private Serving() {}

    /** Starts {@code application}, and returns when it has started. */
    public static void run(Class<?> application, String... arguments) {
        var context = SpringApplication.run(application, arguments);
        context.getBeanProvider(DirectoryAtStart.class)
                .ifAvailable(waiting -> waiting.whenItAnswers(() -> {
                    LOG.warn("the directory answers again; the service starts again with it");
                    context.close();
                    run(application, arguments);
                }));
    }
}
