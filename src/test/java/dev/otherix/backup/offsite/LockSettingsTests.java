package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The block {@code offsite.lock}, as it is read. */
class LockSettingsTests {

    private static final Instant NOON = Instant.parse("2026-06-10T12:00:00.7Z");

    @TempDir
    private Path etc;

    private LockProperties read(String... arguments) {
        return Settings.load(List.of(LockProperties.class), arguments, Map.of(), etc)
                .bind(LockProperties.class);
    }

    private ThrowableAssertAlternative<InvalidSetting> refused(String... arguments) {
        return assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> read(arguments));
    }

    @Test
    void offByDefault() {
        assertThat(read()).isEqualTo(LockProperties.NONE);
        assertThat(read().from(NOON)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "governance,30,2026-07-10T12:00:00Z",
        "compliance,1,2026-06-11T12:00:00Z",
        "compliance,3650,2036-06-07T12:00:00Z"
    })
    void aLockEndsSoManyDaysAfterTheCopy(String mode, String days, Instant until) {
        assertThat(read("--offsite.lock.mode=" + mode, "--offsite.lock.days=" + days)
                        .from(NOON))
                .isEqualTo(new ObjectLock(mode.equals("governance") ? Mode.GOVERNANCE : Mode.COMPLIANCE, until));
    }

    @Test
    void oneWithoutTheOtherIsRefused() {
        refused("--offsite.lock.mode=compliance")
                .withMessageStartingWith("offsite.lock.mode")
                .withMessageContaining("is set without offsite.lock.days")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("Set offsite.lock.days"));
        refused("--offsite.lock.days=30")
                .withMessageStartingWith("offsite.lock.days")
                .withMessageContaining("is set without offsite.lock.mode")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("governance", "compliance"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "3651", "2000000000"})
    void aNumberOfDaysThatMakesNoSenseIsRefused(String days) {
        refused("--offsite.lock.mode=governance", "--offsite.lock.days=" + days)
                .withMessageStartingWith("offsite.lock.days")
                .withMessageContaining(days)
                .withMessageContaining("is not between 1 and 3650");
    }

    @ParameterizedTest
    @ValueSource(strings = {"worm", "legal_hold", "off"})
    void anotherModeIsRefused(String mode) {
        refused("--offsite.lock.mode=" + mode, "--offsite.lock.days=30").withMessageContaining("offsite.lock.mode");
    }

    @Test
    void aDirectoryAloneCannotBeLocked() {
        var locked = read("--offsite.lock.mode=governance", "--offsite.lock.days=30");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> locked.requireFor(false, true))
                .withMessageContaining("a directory has no object lock")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("offsite.s3.bucket", "remove offsite.lock"));
        locked.requireFor(true, true);
        locked.requireFor(true, false);
        locked.requireFor(false, false);
        read().requireFor(false, true);
    }
}
