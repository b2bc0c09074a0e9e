package dev.otherix.backup.cli;

import dev.otherix.backup.history.KeyChoice;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which keys a command shows. */
final class PrefixOption {

    @Option(names = "--prefix", paramLabel = "P", description = "only keys that begin with P; may be repeated")
    private List<String> prefixes = new ArrayList<>();

    /** All keys if none is named. */
    KeyChoice choice() {
        return KeyChoice.below(prefixes);
    }
}
