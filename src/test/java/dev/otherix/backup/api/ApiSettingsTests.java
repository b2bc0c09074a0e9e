package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiSettingsTests {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8090", "[::1]:8090", "localhost:0"})
    void loopbackIsTaken(String listen) {
        assertThat(new ApiProperties(ListenAddress.parse(listen)).listen()).hasToString(listen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8090", "[::]:8090", "10.0.0.7:8090", "otherix-0:8090"})
    void anyOtherAddressIsRefused(String listen) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> new ApiProperties(ListenAddress.parse(listen)))
                .withMessageStartingWith("api.listen = " + listen + " is not a loopback address")
                .satisfies(e -> assertThat(e.fix()).contains("127.0.0.1:"));
    }
}
