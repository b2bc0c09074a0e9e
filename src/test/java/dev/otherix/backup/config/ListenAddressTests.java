package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTests {

    @Test
    void anIpv6AddressLosesItsBracketsAndGetsThemBackInText() {
        var address = ListenAddress.parse("[::1]:8090");
        assertThat(address).isEqualTo(new ListenAddress("::1", 8090)).hasToString("[::1]:8090");
    }

    @Test
    void anIpv4AddressIsReadAsItStands() {
        assertThat(ListenAddress.parse("127.0.0.1:0"))
                .isEqualTo(new ListenAddress("127.0.0.1", 0))
                .hasToString("127.0.0.1:0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8090",
                ":8090",
                "127.0.0.1",
                "127.0.0.1:",
                "::1:8090",
                "[::1]",
                "[]:80",
                "[nonsense]:80",
                "[127.0.0.1]:80",
                "localhost:65536",
                "localhost:-1",
                "localhost:http",
                "http://localhost:80",
                "local host:80"
            })
    void anythingButHostAndPortIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ListenAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void loopbackIsLoopback(String host) {
        assertThat(Loopback.contains(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "128.0.0.1",
                "10.0.0.7",
                "::2",
                "localhost.localdomain",
                "otherix-0",
                "127.0.0.1.example.com",
                "",
                "ip6-localhost"
            })
    void everythingElseIsNotWhateverDnsSays(String host) {
        assertThat(Loopback.contains(host)).isFalse();
    }
}
