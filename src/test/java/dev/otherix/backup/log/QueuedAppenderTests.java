package dev.otherix.backup.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueuedAppenderTests {

    private static final int ROOM = 10;

    private final LoggerContext context = new LoggerContext();
    private final ch.qos.logback.classic.Logger log = context.getLogger("service");
    private final Reader reader = new Reader();
    private QueuedAppender queue;

    @BeforeEach
    void putBeforeTheReader() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        reader.setContext(context);
        reader.start();
        queue = QueuedAppender.before(reader, context, "lines", "queue", ROOM);
        log.addAppender(queue);
    }

    @AfterEach
    void stop() {
        reader.lines.release(1_000_000);
        context.stop();
    }

    @Test
    void linesOfAllLevelsArriveInTheirOrder() {
        reader.lines.release(1000);
        log.setLevel(Level.TRACE);
        log.trace("one");
        log.info("two");
        log.error("three");
        await().until(() -> reader.read.equals(List.of("one", "two", "three")));
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void aReaderWhoStopsHoldsUpNobodyAndEachLostLineIsCounted() {
        // one is with the reader before the rest comes
        log.info("0");
        await().until(() -> reader.lines.hasQueuedThreads());

        IntStream.rangeClosed(1, 100).forEach(i -> log.info("{}", i));

        assertThat(queue.dropped()).isEqualTo(100 - ROOM);
        assertThat(reader.read).isEmpty();
    }

    @Test
    void theLossIsReportedOnceWhenTheReaderIsBack() {
        log.info("0");
        await().until(() -> reader.lines.hasQueuedThreads());
        IntStream.rangeClosed(1, 100).forEach(i -> log.info("{}", i));

        reader.lines.release(1000);

        await().until(() -> reader.read.stream().anyMatch(line -> line.startsWith("90 lines were dropped")));
        log.info("last");
        await().until(() -> reader.read.contains("last"));
        assertThat(reader.read)
                .hasSize(1 + ROOM + 1 + 1)
                .containsSubsequence("0", "1", "10", "last")
                .containsOnlyOnce("90 lines were dropped: nothing read them, or the disk did not accept them");
    }

    @Test
    void aStopEndsAlthoughTheReaderIsStuck() {
        log.info("0");
        await().until(() -> reader.lines.hasQueuedThreads());
        log.info("1");
        reader.uninterruptible = true;

        var begin = System.nanoTime();
        context.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        assertThat(reader.read).isEmpty();
    }

    /** Takes a line for each permit. */
    private static final class Reader extends AppenderBase<ILoggingEvent> {

        private final Semaphore lines = new Semaphore(0);
        private final List<String> read = new CopyOnWriteArrayList<>();
        private volatile boolean uninterruptible;

        /** Without the lock that the other has, so that a stop does not wait for it. */
        @Override
        public void doAppend(ILoggingEvent event) {
            do {
                try {
                    lines.acquire();
                    read.add(event.getFormattedMessage());
                    return;
                } catch (InterruptedException stopped) {
                    // as a write to a pipe, which goes on
                }
            } while (uninterruptible);
        }

        @Override
        protected void append(ILoggingEvent event) {
            throw new AssertionError("doAppend does all");
        }
    }
}
