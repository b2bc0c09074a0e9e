package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.restore.ClusterCa;
import dev.otherix.backup.verify.CaPair;
import dev.otherix.backup.verify.SnapshotProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the active cluster CA of a snapshot to files for a restore. The key goes only to its file. */
@Command(
        name = "ca",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description = {
            "Writes the cluster CA that is active in a snapshot, as a restore needs it.",
            "The files are cluster-ca.crt and cluster-ca.key; their paths and the fingerprint",
            "are printed. The snapshot is verified first, and the key is checked against the",
            "certificate. No file is replaced."
        },
        footer = {
            "",
            "Exit code: 0 both are written, 1 nothing is written,",
            "2 the snapshot could not be read, or bad usage."
        })
final class CaCommand implements Callable<Integer> {

    private static final String CERTIFICATE = "cluster-ca.crt";
    private static final String KEY = "cluster-ca.key";

    private final PrintWriter out;
    private final PrintWriter err;
    private final ProgressBar bar;
    private final Waits waits;

    @Parameters(paramLabel = "FILE", description = "the snapshot; a link is followed")
    private Path file = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "where to write; made where it is missing")
    private Path directory = Path.of("");

    @Option(
            names = "--raw",
            description = {"the file is a copy of a member's own snap/db, which", "has no checksum at its end"})
    private boolean raw;

    CaCommand(PrintWriter out, PrintWriter err, ProgressBar bar, Waits waits) {
        this.out = out;
        this.err = err;
        this.bar = bar;
        this.waits = waits;
    }

    @Override
    public Integer call() {
        var named = new NamedFile(file, false);
        try (var _ = waits.on(file)) {
            requireSnapshot(named);
        }
        try (var _ = waits.on(file);
                var proof = named.verify(raw, false, bar)) {
            requireGood(proof);
            var ca = proof.activeCa();
            try (var pair = ClusterCa.usable(proof, file.toString())) {
                write(pair);
            }
            proof.remarks()
                    .forEach(remark -> err.println(Program.NAME + ": " + OutputFormat.printable(remark.message())));
            if (ca.remark() != null) {
                err.println(Program.NAME + ": " + ca.remark());
            }
            out.println(directory.resolve(CERTIFICATE));
            out.println(directory.resolve(KEY));
            out.println(ca.fingerprint());
            return ExitCode.DONE;
        } catch (IOException unreadable) {
            throw notRead(named, unreadable);
        }
    }

    private CommandFailure notRead(NamedFile named, IOException unreadable) {
        return new CommandFailure(
                "cannot verify " + file + ": " + named.reason(unreadable),
                "Name a snapshot that is there and that this user may read.",
                ExitCode.NOT_READ,
                unreadable);
    }

    private void requireSnapshot(NamedFile named) {
        try {
            var foreign = ForeignFile.of(file);
            if (foreign.isPresent()) {
                throw new CommandFailure(
                        "cannot verify " + file + ": " + foreign.get().what(),
                        foreign.get().fix(),
                        ExitCode.NOT_READ,
                        null);
            }
        } catch (IOException unreadable) {
            throw notRead(named, unreadable);
        }
    }

    private void requireGood(SnapshotProof proof) {
        if (!proof.good()) {
            throw new CommandFailure(
                    file + " has findings (" + proof.findingCount() + "), the first: "
                            + OutputFormat.printable(proof.findings().getFirst().message()),
                    "No CA is taken from it. Take another snapshot; \"" + Program.NAME + " verify " + file
                            + "\" shows all.",
                    null);
        }
    }

    private void write(CaPair pair) {
        var contents = new LinkedHashMap<Path, byte[]>();
        contents.put(directory.resolve(CERTIFICATE), pair.certificate());
        contents.put(directory.resolve(KEY), pair.key());
        try {
            SecretFiles.write(directory, contents);
        } catch (FileAlreadyExistsException there) {
            throw new CommandFailure(
                    there.getFile() + " already exists and is not replaced; nothing was written",
                    "Give an empty --out DIR, or move the file away.",
                    there);
        } catch (IOException broken) {
            throw new CommandFailure(
                    "cannot write to " + directory + ": " + reason(broken) + "; nothing was written",
                    "Give a --out DIR that this user may write to.",
                    broken);
        }
    }

    private String reason(IOException broken) {
        return broken instanceof AccessDeniedException
                ? "the user " + UnreadableFile.user() + " may not write there"
                : new NamedFile(directory, false).reason(broken);
    }
}
