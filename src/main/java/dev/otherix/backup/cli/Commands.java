package dev.otherix.backup.cli;

import dev.otherix.backup.config.Nearest;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.restore.Restoration;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Parses the program's arguments: the service's own, or a command's. Never ends the JVM: the exit code is returned.
 *
 * <p>Exit codes: 0 success, 1 failure, 2 nothing is known because the arguments or the configuration are wrong, or a
 * file cannot be read. Only results go to {@code out}. Every failure is one message to {@code err} that shows what
 * happened and what to do.
 */
public final class Commands {

    private static final Set<String> ABOUT = Set.of("-h", "--help", "-V", "--version");
    // a start takes 4 s, and 8 s on a slow machine
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Function<List<String>, Service> service;
    private final Function<List<String>, Optional<Path>> directory;
    private final Function<List<String>, EtcdMember> member;
    private final OffsitePlaces places;
    private final Printed printed;
    private final Duration patience;

    /**
     * @param service finds the running service from settings as on the service's command line
     * @param directory finds the directory of its snapshots from the same settings
     * @param member finds its member from the same settings
     * @param places finds its off-site copies
     */
    public Commands(
            Function<List<String>, Service> service,
            Function<List<String>, Optional<Path>> directory,
            Function<List<String>, EtcdMember> member,
            OffsitePlaces places,
            PrintWriter out,
            PrintWriter err) {
        this(service, directory, member, places, new Printed(out, err, System.out), PATIENCE);
    }

    /** For commands that need no member and no copies. */
    Commands(
            Function<List<String>, Service> service,
            Function<List<String>, Optional<Path>> directory,
            PrintWriter out,
            PrintWriter err) {
        this(service, directory, out, err, PATIENCE);
    }

    /** @param patience how long a command waits for a service that is starting */
    Commands(
            Function<List<String>, Service> service,
            Function<List<String>, Optional<Path>> directory,
            PrintWriter out,
            PrintWriter err,
            Duration patience) {
        this(service, directory, Commands::noMember, OffsitePlaces.NONE, new Printed(out, err, System.out), patience);
    }

    Commands(
            Function<List<String>, Service> service,
            Function<List<String>, Optional<Path>> directory,
            Function<List<String>, EtcdMember> member,
            OffsitePlaces places,
            Printed printed,
            Duration patience) {
        this.service = service;
        this.directory = directory;
        this.member = member;
        this.places = places;
        this.printed = printed;
        this.patience = patience;
    }

    /**
     * Where the commands write.
     *
     * @param bytes takes results that are no text; the same place as {@code out}
     */
    record Printed(PrintWriter out, PrintWriter err, OutputStream bytes) {}

    static EtcdMember noMember(List<String> settings) {
        throw new IllegalStateException("no member for " + settings);
    }

    /**
     * All of the service's own arguments, unchanged; empty if another command is meant. The service is the default:
     * {@code --config FILE} and {@code --key=value} need no {@code serve} before them.
     */
    public static Optional<String[]> serve(String... args) {
        var named = args.length > 0 && args[0].equals("serve");
        var rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        var about = rest.length > 0 && ABOUT.contains(rest[0]);
        var started = named || rest.length == 0 || rest[0].startsWith("--");
        return started && !about ? Optional.of(rest) : Optional.empty();
    }

    /** Runs the command and returns its exit code. */
    public int run(String... args) {
        return program().execute(args);
    }

    /** The program with all its commands, as {@link #run} parses the arguments. */
    CommandLine program() {
        var out = printed.out();
        var err = printed.err();
        var waits = new Waits(err);
        var bar = ProgressBar.onStandardError(err, waits::goesOn);
        var files = new PastFiles(err, bar, waits, Clock.systemUTC(), places);
        var program = new CommandLine(new Program())
                .addSubcommand(new Serve())
                .addSubcommand(new StatusCommand(found(service, waits), out, Clock.systemUTC()))
                .addSubcommand(new SnapshotCommand(found(service, waits), out, err, patience))
                .addSubcommand(new PinCommand(found(service, waits), out))
                .addSubcommand(new UnpinCommand(found(service, waits), out))
                .addSubcommand(new ListCommand(directory, out, waits, Clock.systemUTC()))
                .addSubcommand(new VerifyCommand(out, err, bar, waits))
                .addSubcommand(new CaCommand(out, err, bar, waits))
                .addSubcommand(new HistoryCommand(out, files))
                .addSubcommand(new GetCommand(out, printed.bytes(), files))
                .addSubcommand(new KeysCommand(out, files))
                .addSubcommand(new DiffCommand(out, files))
                .addSubcommand(new RewindCommand(out, files, Clock.systemUTC()))
                .addSubcommand(new CompareCommand(out, files))
                .addSubcommand(new CommandLine(new RestoreCommand(
                                out,
                                files,
                                new Restoration(new SnapshotVerifier(), Clock.systemUTC()),
                                Clock.systemUTC()))
                        .addSubcommand(new RestorePlanCommand(
                                out, files, Clock.systemUTC(), Settings.ETC_OTHERIX.resolve("api.yaml"))))
                .addSubcommand(new DrillCommand(out, files))
                .addSubcommand(
                        new UndoCommand(out, files, new UndoCommand.Running(found(service, waits), member, patience)))
                .addSubcommand(OffsiteCommand.withAll(
                        out,
                        files,
                        places,
                        new OffsiteDeleteCommand.Running(
                                found(service, waits),
                                directory,
                                Confirmation.onStandardInput(places.standardInput(), err)),
                        Clock.systemUTC()))
                .addSubcommand(new CommandLine(new TokenCommand()).addSubcommand(new NewTokenCommand(out)))
                .addSubcommand(new CommandLine.HelpCommand());
        return program.registerConverter(Path.class, new PathText())
                // a reason may begin with @
                .setExpandAtFiles(false)
                .setUsageHelpWidth(80)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(this::misunderstood)
                .setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    }

    /** The files that name the service, and its token, may be on a disk that hangs. */
    private static Function<List<String>, Service> found(Function<List<String>, Service> service, Waits waits) {
        return settings -> {
            try (var _ = waits.on("the configuration")) {
                var found = service.apply(settings);
                try (var _ = waits.on(found.tokenFile())) {
                    var _ = Files.exists(found.tokenFile());
                }
                return found;
            }
        };
    }

    private int misunderstood(ParameterException problem, String[] args) {
        var command = problem.getCommandLine();
        var spec = command.getCommandSpec();
        if (problem instanceof UnmatchedArgumentException unknown
                && !unknown.getUnmatched().isEmpty()) {
            say(unknown(unknown.getUnmatched().getFirst(), spec), see(spec));
        } else {
            say(String.valueOf(problem.getMessage()), see(spec));
        }
        return ExitCode.USAGE;
    }

    private static String unknown(String argument, CommandSpec command) {
        if (argument.startsWith("-")) {
            var option = argument.replaceFirst("=.*", "");
            return "unknown option: " + option + ServiceOptions.meant(option, command);
        }
        return command.subcommands().isEmpty()
                ? "unknown argument: " + argument
                : "unknown command: " + argument
                        + Nearest.of(argument, command.subcommands().keySet())
                                .map(near -> ". Did you mean " + near + "?")
                                .orElse("");
    }

    private static String see(CommandSpec command) {
        return "See " + (command.parent() == null ? command.name() + " help" : command.qualifiedName() + " --help")
                + ".";
    }

    /** Expected failures become a message; any other is a bug, which picocli shows in full. */
    private int failed(Exception failure) throws Exception {
        var expected = ExpectedFailure.of(failure).orElseThrow(() -> failure);
        say(expected.lines().toArray(String[]::new));
        return expected.exitCode();
    }

    private void say(String... lines) {
        printed.err().println(Program.NAME + ": " + String.join(System.lineSeparator(), lines));
        printed.err().flush();
    }
}
