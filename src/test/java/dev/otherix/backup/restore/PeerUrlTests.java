package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerUrlTests {

    @Test
    void aUrlIsSchemeHostAndPort() {
        assertThat(PeerUrl.parse("https://10.0.0.11:2380")).isEqualTo(new PeerUrl("https", "10.0.0.11", 2380));
        assertThat(PeerUrl.parse("HTTP://otherix-0.example:1")).hasToString("http://otherix-0.example:1");
        assertThat(PeerUrl.parse("https://[fd00::1]:65535").host()).isEqualTo("[fd00::1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.11:2380",
                "ftp://10.0.0.11:2380",
                "unix:///run/etcd.sock",
                "https://:2380",
                "https://10.0.0.11",
                "https://10.0.0.11:0",
                "https://10.0.0.11:65536",
                "https://10.0.0.11:2380/",
                "https://10.0.0.11:2380?x",
                "https://me@10.0.0.11:2380"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PeerUrl.parse(text));
    }
}
