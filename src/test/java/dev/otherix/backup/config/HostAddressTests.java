package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTests {

    @ParameterizedTest
    @ValueSource(strings = {"http://host", "https://host:1", "https://host:65535/", "http://[::1]:9000"})
    void anAddressIsSchemeHostAndPort(String text) {
        assertThat(HostAddress.parse("key", text, "https://")).asString().startsWith(text);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://host:65536,      has a port that is not 1 to 65535
            https://host:0,          has a port that is not 1 to 65535
            http://my_host,          has a host name with _
            http://my_host.lan:9000, has a host name with _
            """)
    void oneThatCannotBeCalledIsRefusedWithTheReason(String text, String problem) {
        assertThatThrownBy(() -> HostAddress.parse("offsite.s3.endpoint", text, "https://"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("offsite.s3.endpoint = " + text + " " + problem);
    }
}
