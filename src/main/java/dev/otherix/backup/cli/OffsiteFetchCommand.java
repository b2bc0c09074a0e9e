package dev.otherix.backup.cli;

import dev.otherix.backup.restore.ShellWord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;

/** Brings a copy back as a snapshot. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup offsite fetch NAME|latest",
            "      [--identity FILE|-]... [--out DIR] [--files DIR] [--cluster C]",
            "      [--member ID] [--ca-fingerprint F] [--target T] [--from URL",
            "      [--endpoint-url URL] [--region R] [--ca-file FILE] [--path-style]]",
            "      [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Fetches a copy of a snapshot, decrypts and unpacks it, verifies it, and prints",
            "the path of the file. Its record is put beside it. Nothing is overwritten.",
            "Needs no service, no configuration (with --from) and no etcd."
        },
        footer = {
            "",
            "Without --from, the store is that of the service's configuration. The",
            "credentials for --from are in AWS's own variables, such as AWS_ACCESS_KEY_ID",
            "and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE.",
            "",
            "The same by hand, with stock tools. offsite list -o json shows each KEY:",
            "  aws s3 cp s3://BUCKET/KEY - | age -d -i IDENTITY | gunzip > otherix-TIME.db",
            "  rclone cat REMOTE:BUCKET/KEY | age -d -i IDENTITY | gunzip > otherix-TIME.db",
            "and the files beside it, into a new directory DIR:",
            "  aws s3 cp s3://BUCKET/KEY - | age -d -i IDENTITY | tar xz -C DIR",
            "For a store that is not Amazon's, add --endpoint-url URL to aws.",
            "",
            "Exit code: 0 the file is there, 1 refused or failed, and nothing is left, or a",
            "person has to choose, 2 the store or the identity could not be read, or bad",
            "usage."
        })
final class OffsiteFetchCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles pastFiles;
    private final OffsitePlaces places;
    private final Clock clock;

    @Parameters(
            paramLabel = "NAME",
            converter = NameConverter.class,
            description = "a name as offsite list shows it, or latest: the one with the highest revision")
    private CopyName name = CopyName.LATEST;

    @Mixin
    private IdentityOption identity = new IdentityOption();

    @Option(names = "--out", paramLabel = "DIR", description = "where to write (default: the working directory)")
    private Path directory = Path.of("");

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "also fetches the files beside it (offsite.include) into DIR, which has to be new or empty")
    private @Nullable Path files;

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Option(names = "--ca-fingerprint", paramLabel = "F", description = "refuses a copy with another cluster CA")
    private @Nullable String caFingerprint;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    OffsiteFetchCommand(PrintWriter out, PastFiles files, OffsitePlaces places, Clock clock) {
        this.out = out;
        this.pastFiles = files;
        this.places = places;
        this.clock = clock;
    }

    /** The directory of the files appears as a whole, and the snapshot is a file of another one. */
    private Path apart(Path named) {
        if (named.toAbsolutePath().normalize().equals(directory.toAbsolutePath().normalize())) {
            throw new CommandFailure(
                    "--files and --out name the same directory",
                    "Name a new one for the files: --files "
                            + ShellWord.of(directory.resolve("files").toString()),
                    ExitCode.USAGE,
                    null);
        }
        return named;
    }

    static final class NameConverter implements ITypeConverter<CopyName> {

        @Override
        public CopyName convert(String text) {
            return CopyName.parse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not the name of a snapshot such as otherix-20260606T031500Z.db, and not"
                                    + " latest"));
        }
    }

    @Override
    public Integer call() {
        var place = StoreOptions.only(places.of(store, options.arguments(settings)));
        var choice = new CopyChoice(copies.cluster(), store.member(), Optional.ofNullable(caFingerprint));
        var source = new OffsiteSource(pastFiles, clock, place, choice, identity.read(places.standardInput()));
        out.println(files == null ? source.fetch(name, directory) : source.fetch(name, directory, apart(files)));
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }
}
