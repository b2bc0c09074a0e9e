package dev.otherix.backup.cli;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.offsite.CopyRefused;
import dev.otherix.backup.offsite.UnusableIdentity;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.util.List;
import java.util.Optional;

/**
 * A failure that a person can act on.
 *
 * @param lines what happened, and what to do
 */
record ExpectedFailure(int exitCode, List<String> lines) {

    /** Empty for a fault of the program. */
    static Optional<ExpectedFailure> of(Exception failure) {
        return switch (failure) {
            case CommandFailure command ->
                Optional.of(new ExpectedFailure(
                        command.exitCode(), List.of(String.valueOf(command.getMessage()), command.fix())));
            case Refused refused -> Optional.of(printable(ExitCode.FAILED, refused, refused.fix()));
            case CopyRefused refused -> Optional.of(printable(ExitCode.FAILED, refused, refused.fix()));
            case UnusableIdentity identity -> Optional.of(printable(ExitCode.USAGE, identity, identity.fix()));
            case InvalidSetting setting -> Optional.of(plain(setting, setting.fix()));
            case UnusableConfigFile file -> Optional.of(plain(file, file.fix()));
            // what to do is the end of its message
            case StoreFailure store -> Optional.of(new ExpectedFailure(ExitCode.NOT_READ, List.of(printable(store))));
            default -> Optional.empty();
        };
    }

    private static ExpectedFailure plain(Exception failure, String fix) {
        return new ExpectedFailure(ExitCode.USAGE, List.of(String.valueOf(failure.getMessage()), fix));
    }

    private static ExpectedFailure printable(int exitCode, Exception failure, String fix) {
        return new ExpectedFailure(exitCode, List.of(printable(failure), fix));
    }

    private static String printable(Exception failure) {
        return OutputFormat.printableLines(String.valueOf(failure.getMessage()));
    }
}
