package dev.otherix.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrillSettingsTests {

    private static DrillProperties bound(String... args) {
        return Settings.load(List.of(DrillProperties.class), args, Map.of(), Path.of("/nonexistent"))
                .bind(DrillProperties.class);
    }

    @Test
    void drillsAreOnOnceADayWithoutAnEtcd() {
        assertThat(bound()).isEqualTo(new DrillProperties(Duration.ofDays(1), null));
        assertThat(bound().on()).isTrue();
        assertThat(bound("--drill.interval=0").on()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1h", "999ms", "1ns"})
    void anIntervalBelowASecondIsRefused(String interval) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> bound("--drill.interval=" + interval))
                .withMessageContaining("drill.interval")
                .withMessageContaining("is below 1s");
    }

    @Test
    void aRelativePathOfAnEtcdIsRefusedAndOneThatIsNotThereIsNot() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> bound("--drill.etcd=bin/etcd"))
                .withMessageContaining("drill.etcd")
                .withMessageContaining("is not an absolute path");
        assertThat(bound("--drill.etcd=/nonexistent/etcd").etcd()).isEqualTo(Path.of("/nonexistent/etcd"));
    }
}
