package dev.otherix.backup.cli;

import dev.otherix.backup.verify.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file that was to be verified.
 *
 * @param file as it was named
 * @param findings the first hundred of each check
 * @param findingCount how many there are in all
 * @param facts null where it could not be read
 */
record FileReport(String file, boolean good, List<Finding> findings, long findingCount, @Nullable FileFacts facts) {

    static FileReport notRead(String file, String code, String message) {
        return new FileReport(file, false, List.of(new Finding(code, null, null, message)), 1, null);
    }

    int exitCode() {
        return facts == null ? ExitCode.NOT_READ : good ? ExitCode.DONE : ExitCode.FAILED;
    }
}
