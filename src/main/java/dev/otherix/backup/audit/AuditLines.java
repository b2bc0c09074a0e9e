package dev.otherix.backup.audit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.log.DroppedLines;
import dev.otherix.backup.log.QueuedAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Where the lines of the audit log go: standard output, or a file that is rotated by day and size. It has a separate
 * logging context: neither the levels and formats of the service's log nor a second service in this process change its
 * lines.
 */
final class AuditLines implements Consumer<String>, DroppedLines, AutoCloseable {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(AuditLines.class);
    private static final String LARGEST_FILE = "10MB";
    private static final String ALL_FILES = "200MB";
    private static final int DAYS = 90;

    private final LoggerContext context = new LoggerContext();
    private final Logger logger;
    private final QueuedAppender queue;

    /** @throws InvalidSetting if the file cannot be written */
    public AuditLines(AuditProperties settings) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.getStatusManager().add(AuditLines::reportTrouble);
        logger = context.getLogger("audit");
        var file = settings.file();
        queue = file == null ? queue(standardOutput(encoder()), () -> 0) : queue(rotated(file, encoder()));
        logger.addAppender(queue);
        context.start();
    }

    @Override
    public void accept(String line) {
        logger.info(line);
    }

    @Override
    public long count() {
        return queue.dropped();
    }

    private QueuedAppender queue(OwnersFile file) {
        return queue(file, file::refused);
    }

    private QueuedAppender queue(Appender<ILoggingEvent> target, LongSupplier refused) {
        return QueuedAppender.before(
                target,
                context,
                "lines of the audit log",
                "audit",
                refused,
                () -> LOG.warn("the audit log is not written: its output accepts no lines, so further ones are dropped"
                        + " and counted. Requests and runs go on. Check the disk of audit.file, or without it the"
                        + " program that reads standard output"));
    }

    private PatternLayoutEncoder encoder() {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern("%msg%n");
        encoder.start();
        return encoder;
    }

    private Appender<ILoggingEvent> standardOutput(PatternLayoutEncoder encoder) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    private OwnersFile rotated(Path file, PatternLayoutEncoder encoder) {
        // opening a pipe that nothing reads does not return
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InvalidSetting(
                    "audit.file",
                    file,
                    "is not a file that can be rotated",
                    "Name a file, for example /var/log/otherix-backup/audit.log, or remove audit.file: the lines then go"
                            + " to standard output, each with \"log\":\"audit\". The audit log cannot be switched off.");
        }
        var appender = new OwnersFile();
        appender.setContext(context);
        appender.setName(file.toString());
        // before the policy starts, which reads the file's date
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        var policy = new SizeAndTimeBasedRollingPolicy<ILoggingEvent>();
        policy.setContext(context);
        policy.setParent(appender);
        // not compressed: a compressed file would be readable by all users
        policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i");
        policy.setMaxFileSize(FileSize.valueOf(LARGEST_FILE));
        policy.setTotalSizeCap(FileSize.valueOf(ALL_FILES));
        policy.setMaxHistory(DAYS);
        policy.start();
        appender.setRollingPolicy(policy);
        appender.start();
        if (!appender.isStarted()) {
            throw new InvalidSetting(
                    "audit.file",
                    file,
                    "cannot be written",
                    "Let this service's user write there, or correct the path.");
        }
        return appender;
    }

    private static void reportTrouble(Status status) {
        if (status.getEffectiveLevel() >= Status.WARN) {
            LOG.warn("audit log: {}", status.getMessage(), status.getThrowable());
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
