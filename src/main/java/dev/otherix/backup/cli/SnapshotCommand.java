package dev.otherix.backup.cli;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;

/** Requests a snapshot of this moment from the running service, waits for it, and prints its name. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup snapshot [--reason R] [--pin] [--local] [--offsite]",
            "         [--timeout D] [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Asks the running service for a snapshot and prints its name.",
            "Exit code 0 only when the snapshot is there, and with --offsite only when",
            "it is copied too; the name is printed either way."
        },
        footer = {
            "",
            "The service is looked for where its configuration says: give the",
            "--config FILE and --KEY=VALUE that the service was started with here too,",
            "for example --api.listen=127.0.0.1:8090. The token is the one in",
            "api.token_file, so run this as the service's user or as root;",
            "--api.token_file=FILE names another file, with a token of scope operate."
        })
final class SnapshotCommand implements Callable<Integer> {

    private final Function<List<String>, Service> service;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Duration patience;

    @Option(
            names = "--reason",
            paramLabel = "R",
            converter = Reason.class,
            description = {"why, for the snapshot's record; at most 200", "characters"})
    private @Nullable String reason;

    @Option(
            names = "--pin",
            description = {"keep it until it is unpinned, see the command", "unpin"})
    private boolean pin;

    @Option(
            names = "--local",
            description = {"accept the local member's data when the cluster", "has no quorum"})
    private boolean local;

    @Option(
            names = "--offsite",
            description = {"wait until it is copied off-site too, and the", "copy is proven"})
    private boolean offsite;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "10m",
            converter = Timeout.class,
            description = {"how long to wait, at most 1h", "(default: ${DEFAULT-VALUE})"})
    private Duration timeout = Duration.ZERO;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /** @param patience how long to wait for a service that is starting */
    SnapshotCommand(Function<List<String>, Service> service, PrintWriter out, PrintWriter err, Duration patience) {
        this.service = service;
        this.out = out;
        this.err = err;
        this.patience = patience;
    }

    @Override
    public Integer call() {
        var found = options.find(settings, service);
        new StartingService(found, err).await(patience);
        try (var client = new ServiceClient(found)) {
            var name = client.snapshot(wanted(), timeout);
            print(name);
            if (offsite) {
                client.copy(name, timeout);
            }
        }
        return ExitCode.DONE;
    }

    private Map<String, Object> wanted() {
        var body = new LinkedHashMap<String, Object>();
        if (reason != null) {
            body.put("reason", reason);
        }
        if (pin) {
            body.put("pinned", true);
        }
        if (local) {
            body.put("consistency", "local");
        }
        return body;
    }

    private void print(SnapshotName name) {
        out.println(name);
        if (out.checkError()) {
            throw new CommandFailure(
                    "the snapshot " + name + " is there, but its name could not be written to standard output",
                    "Check where the output goes.",
                    null);
        }
    }

    /** A reason that the service accepts. */
    static final class Reason implements ITypeConverter<String> {

        private static final int LONGEST = 200;

        @Override
        public String convert(String text) {
            var length = text.codePointCount(0, text.length());
            if (length > LONGEST) {
                throw new TypeConversionException(
                        "it has " + length + " characters, and " + LONGEST + " at most are kept; write a shorter one");
            }
            return text;
        }
    }

    /** A Go duration above zero and at most an hour, the longest wait that the service allows. */
    static final class Timeout implements ITypeConverter<Duration> {

        private static final Duration LONGEST = Duration.ofHours(1);

        @Override
        public Duration convert(String text) {
            var duration = parsed(text);
            if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
                throw new TypeConversionException("'" + text + "' is not above 0 and at most 1h");
            }
            return duration;
        }

        private static Duration parsed(String text) {
            try {
                return GoDuration.parse(text);
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException(
                        "'" + text + "' " + malformed.getMessage() + "; write for example 90s or 10m");
            }
        }
    }
}
