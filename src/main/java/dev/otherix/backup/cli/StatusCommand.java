package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks the running service whether backups run, and reports it in one sentence and by the exit code. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {"otherix-etcd-backup status [-o FORMAT] [--config FILE]...", "         [--KEY=VALUE]..."},
        description = "Asks the running service whether backups run.",
        footer = {
            "",
            "Give the --config FILE and --KEY=VALUE that the service was started with.",
            "Exit code: 0 backups run (UP), 1 they do not (DOWN), 2 the service could not",
            "be asked, or bad usage, 3 nothing is known yet or nothing is due (UNKNOWN)."
        })
final class StatusCommand implements Callable<Integer> {

    private final Function<List<String>, Service> service;
    private final PrintWriter out;
    private final Clock clock;

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    StatusCommand(Function<List<String>, Service> service, PrintWriter out, Clock clock) {
        this.service = service;
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var state = ask();
        if (output.isJson()) {
            OutputFormat.json(json(state), out);
        } else {
            new StatusText(out, clock.instant()).print(state);
        }
        if (out.checkError()) {
            throw new CommandFailure(
                    "the status could not be written to standard output",
                    "Check where the output goes.",
                    ExitCode.NOT_READ,
                    null);
        }
        return switch (state.health()) {
            case "UP" -> ExitCode.DONE;
            case "UNKNOWN" -> ExitCode.UNKNOWN;
            default -> ExitCode.FAILED;
        };
    }

    /** If the service does not answer, nothing is known: 1 is only for a service that reports DOWN. */
    private ServiceState ask() {
        try (var client = new ServiceClient(options.find(settings, service))) {
            return client.state();
        } catch (CommandFailure failure) {
            throw new CommandFailure(String.valueOf(failure.getMessage()), failure.fix(), ExitCode.NOT_READ, failure);
        }
    }

    private static JsonNode json(ServiceState state) {
        var health = JsonNodeFactory.instance
                .objectNode()
                .put("state", state.health())
                .put("reason", state.reason());
        var all = JsonNodeFactory.instance.objectNode();
        all.set("health", health);
        state.status().properties().forEach(field -> all.set(field.getKey(), field.getValue()));
        return all;
    }
}
