package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.Identities;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Who opens the copies. */
final class IdentityOption {

    @Option(
            names = "--identity",
            paramLabel = "FILE",
            description = "a file of age with the private key that opens the copies; - for standard input; may be "
                    + "repeated")
    private List<String> files = new ArrayList<>();

    boolean given() {
        return !files.isEmpty();
    }

    /** @throws dev.otherix.backup.offsite.UnusableIdentity if one cannot be used */
    Identities read(InputStream standardInput) {
        return files.isEmpty() ? Identities.NONE : Identities.read(files, standardInput);
    }

    /** The same options again, for another command. */
    List<String> words() {
        return files.stream()
                .flatMap(file -> List.of("--identity", file.equals("-") ? "IDENTITY" : file).stream())
                .toList();
    }
}
