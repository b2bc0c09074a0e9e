package dev.otherix.backup.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Puts a queue before each output of the service's log, right after Spring has set these up. Whatever an operator
 * configured, a blocked output blocks no thread.
 */
public final class LogQueue implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** Right after Spring's own, and before the first line of this service. */
    public static final int ORDER = LoggingApplicationListener.DEFAULT_ORDER + 1;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            for (var direct : appenders(root)) {
                if (!(direct instanceof QueuedAppender)) {
                    root.detachAppender(direct);
                    root.addAppender(QueuedAppender.before(direct, context, "log lines", LogQueue.class.getName()));
                }
            }
        }
    }

    /** The number of dropped lines of the service's log since the start. */
    static long dropped() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                ? appenders(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).stream()
                        .mapToLong(appender -> appender instanceof QueuedAppender queue ? queue.dropped() : 0)
                        .sum()
                : 0;
    }

    private static List<Appender<ILoggingEvent>> appenders(Logger logger) {
        var all = new ArrayList<Appender<ILoggingEvent>>();
        logger.iteratorForAppenders().forEachRemaining(all::add);
        return all;
    }
}
