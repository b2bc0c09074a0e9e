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
import java.util.function.LongSupplier;

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
    private final LongSupplier refused;
    private final Runnable whenFull;
    private volatile boolean full;

    private QueuedAppender(LongSupplier refused, Runnable whenFull) {
        this.refused = refused;
        this.whenFull = whenFull;
    }

    /**
     * Returns a started appender in front of {@code target}, which is stopped together with it.
     *
     * @param lines the name of the lines in the report of a loss, such as "log lines"
     * @param logger the logger of the report of a loss
     */
    static QueuedAppender before(Appender<ILoggingEvent> target, Context context, String lines, String logger) {
        return before(target, context, lines, logger, () -> 0, () -> {});
    }

    /**
     * The same.
     *
     * @param refused the number of events that {@code target} itself has dropped
     * @param whenFull called with the first event of a series that is dropped; must not wait
     */
    public static QueuedAppender before(
            Appender<ILoggingEvent> target,
            Context context,
            String lines,
            String logger,
            LongSupplier refused,
            Runnable whenFull) {
        return new QueuedAppender(refused, whenFull).start(target, context, lines, logger, MOST_WAITING);
    }

    static QueuedAppender before(
            Appender<ILoggingEvent> target, Context context, String lines, String logger, int mostWaiting) {
        return new QueuedAppender(() -> 0, () -> {}).start(target, context, lines, logger, mostWaiting);
    }

    private QueuedAppender start(
            Appender<ILoggingEvent> target, Context context, String lines, String logger, int mostWaiting) {
        setContext(context);
        setName("queue of " + target.getName());
        setQueueSize(mostWaiting);
        setDiscardingThreshold(0);
        setNeverBlock(true);
        setMaxFlushTime(LONGEST_FLUSH_MILLIS);
        var reporting = new Reporting(target, lines, logger);
        reporting.setContext(context);
        reporting.start();
        addAppender(reporting);
        start();
        return this;
    }

    /** The number of dropped events. */
    public long dropped() {
        return dropped.get() + refused.getAsLong();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // the queue grows only here, so the check stays true until the event is in it
        synchronized (order) {
            if (getRemainingCapacity() == 0) {
                dropped.incrementAndGet();
                if (!full) {
                    full = true;
                    whenFull.run();
                }
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
            var before = refused.getAsLong();
            target.doAppend(event);
            var lost = dropped();
            if (lost > reported && refused.getAsLong() == before && getNumberOfElementsInQueue() == 0) {
                full = false;
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
