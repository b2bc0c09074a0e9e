package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.SizeOrShare;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class JobSettingsTests {

    private static final Path DIR = Path.of("/var/backups/otherix-etcd");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void anIntervalOfZeroMeansTheDefault() {
        assertThat(new BackupProperties(true, Duration.ZERO, DIR, 7).interval()).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void anIntervalBelowZeroIsRefused() {
        refused("workers.backup.interval", "-1h", () -> new BackupProperties(true, HOUR.negated(), DIR, 7));
    }

    @Test
    void enabledNeedsADirectory() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> new BackupProperties(true, HOUR, null, 7))
                .satisfies(e -> assertThat(e.key()).isEqualTo("workers.backup.dir"))
                .satisfies(e -> assertThat(e.value()).isEmpty());
        assertThat(new BackupProperties(false, HOUR, null, 7).dir()).isNull();
    }

    @Test
    void aRelativeDirectoryIsRefused() {
        refused("workers.backup.dir", "backups", () -> new BackupProperties(false, HOUR, Path.of("backups"), 7));
    }

    @Test
    void retentionOfZeroKeepsAllAndBelowZeroIsRefused() {
        assertThat(new BackupProperties(true, HOUR, DIR, 0).retention()).isZero();
        refused("workers.backup.retention", "-1", () -> new BackupProperties(true, HOUR, DIR, -1));
        assertThat(new RetentionProperties(0, Duration.ZERO).onDemand()).isZero();
        refused("retention.on_demand", "-3", () -> new RetentionProperties(-3, Duration.ZERO));
    }

    @Test
    void theAgeWithinWhichAllAreKeptMayBeNothingButNotBelowZero() {
        assertThat(new RetentionProperties(7, Duration.ofHours(48)).within()).isEqualTo(Duration.ofHours(48));
        refused("retention.within", "-1h", () -> new RetentionProperties(7, HOUR.negated()));
    }

    @Test
    void theReserveMayBeNothingButNotBelowZero() {
        assertThat(new DirectoryProperties(SizeOrShare.parse("0")).reserve())
                .isEqualTo(new SizeOrShare(DataSize.ofBytes(0), null));
        refused("directory.reserve", "-1B", () -> new DirectoryProperties(SizeOrShare.parse("-1")));
    }

    @Test
    void theFirstRetryNeedsAPause() {
        refused("schedule.retry_after", "0s", () -> new ScheduleProperties(Duration.ZERO));
        refused("schedule.retry_after", "-1m", () -> new ScheduleProperties(Duration.ofMinutes(-1)));
    }

    @Test
    void snapshotsAreCheckedAgainEveryDayOrNever() {
        assertThat(new VerificationProperties(VerificationProperties.HashKv.AUTO, Duration.ZERO).againEvery())
                .isZero();
        refused(
                "verification.again_every",
                "-1h",
                () -> new VerificationProperties(VerificationProperties.HashKv.AUTO, HOUR.negated()));
    }

    private static void refused(String key, String value, Runnable maker) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(maker::run)
                .satisfies(e -> assertThat(e.key()).isEqualTo(key))
                .satisfies(e -> assertThat(e.value()).contains(value))
                .satisfies(e -> assertThat(e.fix()).isNotBlank())
                .withMessageStartingWith(key + " = " + value + " ");
    }
}
