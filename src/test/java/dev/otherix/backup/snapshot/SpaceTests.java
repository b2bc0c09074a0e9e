package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceTests {

    private static final long GIB = 1L << 30;

    @TempDir
    private Path path;

    private Space space(@Nullable Long reserve, long total, long free) {
        var disk = new ScriptedDisk();
        disk.space(total, () -> free);
        return new Space(
                path,
                reserve == null ? Space::usualReserve : _ -> reserve,
                disk,
                () -> false,
                new SnapshotLimit(path, 1),
                () -> 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 50", "21474836480, 1073741824", "21474836460, 1073741823", "1099511627776, 1073741824"})
    void withoutASettingATwentiethIsReservedAtMostOneGib(long total, long reserve) {
        assertThat(space(null, total, 0).reserveBytes()).isEqualTo(reserve);
    }

    @Test
    void theSettingWinsAndMayBeNothing() {
        assertThat(space(5L, 100 * GIB, 0).reserveBytes()).isEqualTo(5);
        assertThat(space(0L, 100 * GIB, 0).reserveBytes()).isZero();
    }

    @Test
    void freeIsWhatTheFileSystemLeavesThisProcess() {
        assertThat(space(5L, 100, 42).freeBytes()).hasValue(42);
    }

    @Test
    void theFileSystemOfTheDirectoryIsMeasured() throws IOException {
        var real = new Space(path, Space::usualReserve, new Disk(), () -> false, new SnapshotLimit(path, 1), () -> 0);
        assertThat(real.freeBytes().orElseThrow()).isPositive().isLessThanOrEqualTo(new Disk().totalSpace(path));
        assertThat(real.reserveBytes()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"90, 0", "91, 1", "1000, 910", "9223372036854775807, 9223372036854775717"})
    void whatIsMissingIsExact(long wanted, long missing) {
        var space = space(10L, 1000, 100);
        if (missing == 0) {
            assertThatCode(() -> space.require(wanted)).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> space.require(wanted))
                    .withMessage("not enough space in the snapshot directory: " + missing
                            + " bytes are missing (100 free, 10 must stay free for directory.reserve); free some "
                            + "space, or keep fewer snapshots (directory " + path + ")")
                    .satisfies(full -> assertThat(full.missingBytes()).isEqualTo(missing));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "9223372036854775807, 9223372036854775807"})
    void aReserveThatIsAlreadyTouchedIsMissingToo(long wanted, long missing) {
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> space(110L, 1000, 100).require(wanted))
                .satisfies(full -> assertThat(full.missingBytes()).isEqualTo(missing));
    }

    @Test
    void aFileSystemThatIsGoneIsToldSo() throws IOException {
        var gone = path.resolve("gone");
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> new Space(
                                gone, Space::usualReserve, new Disk(), () -> false, new SnapshotLimit(path, 1), () -> 0)
                        .freeBytes())
                .withMessageStartingWith("measuring the snapshot directory: it does not exist");
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> new Space(
                                gone, Space::usualReserve, new Disk(), () -> false, new SnapshotLimit(path, 1), () -> 0)
                        .reserveBytes())
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(DirectoryFailure.Reason.GONE));
    }
}
