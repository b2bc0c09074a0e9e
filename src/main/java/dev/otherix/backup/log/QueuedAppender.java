package dev.otherix.backup.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Context;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes events to another appender through a bounded queue and its own thread. It never blocks the caller: if the
 * queue is full, the event is dropped and counted. One line reports how many were dropped as soon as the other appender
 * accepts events again.
 */
public final class QueuedAppender extends AsyncAppender {

    /** Some hundred kilobytes of lines. */
    private static final int MOST_WAITING = 2048;

    /** How long a stop waits until all queued lines are written. */
    private static final int LONGEST_FLUSH_MILLIS = 1000;

    private final Object order = new Object();
    private final AtomicLong dropped = new AtomicLong();

    private QueuedAppender() {}

    /**
     * Returns a started appender in front of {@code target}, which is stopped together with it.
     *
     * @param lines the name of the lines in the report of a loss, such as "log lines"
     * @param logger the logger of the report of a loss
     */
    public static QueuedAppender before(Appender<ILoggingEvent> target, Context context, String lines, String logger) {
        return before(target, context, lines, logger, MOST_WAITING);
    }

    static QueuedAppender before(
            Appender<ILoggingEvent> target, Context context, String lines, String logger, int mostWaiting) {
        var queued = new QueuedAppender();
        queued.setContext(context);
        queued.setName("queue of " + target.getName());
        queued.setQueueSize(mostWaiting);
        queued.setDiscardingThreshold(0);
        queued.setNeverBlock(true);
        queued.setMaxFlushTime(LONGEST_FLUSH_MILLIS);
        var reporting = queued.new Reporting(target, lines, logger);
        reporting.setContext(context);
        reporting.start();
        queued.addAppender(reporting);
        queued.start();
        return queued;
    }

    /** The number of dropped events. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // the queue grows only here, so the check stays true until the event is in it
        synchronized (order) {
            if (getRemainingCapacity() == 0) {
                dropped.incrementAndGet();
            } else {
                super.append(event);
            }
        }
    }

    /** Passes events on, on the queue's thread, and reports a loss once all queued events are written. */
    private final class Reporting extends AppenderBase<ILoggingEvent> {

        private final Appender<ILoggingEvent> target;
        private final String lines;
        private final String logger;
        private long reported;

        Reporting(Appender<ILoggingEvent> target, String lines, String logger) {
            this.target = target;
            this.lines = lines;
            this.logger = logger;
        }

        @Override
        protected void append(ILoggingEvent event) {
            target.doAppend(event);
            var lost = dropped.get();
            if (lost > reported && getNumberOfElementsInQueue() == 0) {
                target.doAppend(loss(lost - reported));
                reported = lost;
            }
        }

        private ILoggingEvent loss(long count) {
            var event = new LoggingEvent();
            event.setLoggerContext((LoggerContext) getContext());
            event.setLoggerName(logger);
            event.setLevel(Level.WARN);
            event.setThreadName(Thread.currentThread().getName());
            event.setTimeStamp(System.currentTimeMillis());
            event.setMessage(count + " " + lines + " were dropped: nothing read them, or the disk did not accept them");
            return event;
        }

        @Override
        public void stop() {
            super.stop();
            target.stop();
        }
    }
}
