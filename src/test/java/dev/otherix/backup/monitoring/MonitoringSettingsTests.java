package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.config.ListenAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitoringSettingsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8090",
                "[::1]:8090",
                "localhost:0",
                "0.0.0.0:8091",
                "[::]:8091",
                "10.0.0.7:8091",
                "otherix-0:8091"
            })
    void anyAddressIsTaken(String listen) {
        assertThat(new MonitoringProperties(ListenAddress.parse(listen)).listen())
                .hasToString(listen);
    }
}
