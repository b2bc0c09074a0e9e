package dev.otherix.backup.cli;

import dev.otherix.backup.verify.Remark;
import dev.otherix.backup.verify.bolt.Finding;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of verifying one file.
 *
 * @param file as it was named
 * @param findings the first hundred of each check
 * @param findingCount the number of all findings
 * @param remarks notes that do not make the file bad @param facts null if it could not be read
 */
record FileReport(
        String file,
        boolean good,
        List<Finding> findings,
        long findingCount,
        List<Remark> remarks,
        @Nullable FileFacts facts) {

    /** From the best to the worst. */
    private static final List<Integer> EXIT_CODES =
            List.of(ExitCode.DONE, ExitCode.ONE_META, ExitCode.FAILED, ExitCode.NOT_READ);

    private static final String ONE_META = "meta_torn";

    static FileReport notRead(String file, String code, String message) {
        return new FileReport(file, false, List.of(new Finding(code, null, null, message)), 1, List.of(), null);
    }

    int exitCode() {
        if (facts == null) {
            return ExitCode.NOT_READ;
        }
        if (!good) {
            return ExitCode.FAILED;
        }
        return oneMeta() ? ExitCode.ONE_META : ExitCode.DONE;
    }

    /** Whether the last write may be missing, because only one of the two meta pages is valid. */
    boolean oneMeta() {
        return remarks.stream().anyMatch(remark -> remark.code().equals(ONE_META));
    }

    /** The exit code of the worst. */
    static int worst(List<FileReport> reports) {
        return reports.stream()
                .map(FileReport::exitCode)
                .max(Comparator.comparingInt(EXIT_CODES::indexOf))
                .orElse(ExitCode.NOT_READ);
    }
}
