package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.config.InvalidSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatSettingsTests {

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hc.example.com/secret",
                "ftp://hc.example.com/secret",
                "https:///secret",
                "https://me:secret@hc.example.com/",
                "https://hc.example.com/secret#part",
                "https://hc.example.com/a secret"
            })
    void whatIsNoUrlIsRefusedAndNotShown(String url) {
        assertThatThrownBy(() -> new HeartbeatProperties(url, null, null, null, null))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("heartbeat.url holds no http or https URL")
                .hasMessageNotContaining("secret@")
                .hasMessageNotContaining("/secret")
                .hasMessageNotContaining("a secret\"");
        assertThatThrownBy(() -> new HeartbeatProperties(null, url, null, null, null))
                .hasMessageContaining("heartbeat.fail_url holds no")
                .hasMessageNotContaining("example");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -,                 http://proxy:3128,  heartbeat.proxy = http://proxy:3128 is set
            http://hc.example, proxy:3128,         heartbeat.proxy = proxy:3128 has no scheme
            http://hc.example, https://proxy:3128, heartbeat.proxy = https://proxy:3128 is not an http address
            http://hc.example, http://proxy:65536, heartbeat.proxy = http://proxy:65536 has a port that is not 1 to 65535
            http://hc.example, http://proxy:0,     heartbeat.proxy = http://proxy:0 has a port that is not 1 to 65535
            http://hc.example, http://my_proxy:80, heartbeat.proxy = http://my_proxy:80 has a host name with _
            """)
    void aProxyThatCannotWorkIsRefused(@Nullable String url, String proxy, String message) {
        assertThatThrownBy(() -> new HeartbeatProperties(url, null, null, proxy, null))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://hc.example.com:65536/secret, has a port that is not 1 to 65535
            https://hc.example.com:0/secret,     has a port that is not 1 to 65535
            https://my_host:8443/secret,         'has a host name with _'
            """)
    void anAddressThatCannotBeCalledIsRefusedAndNotShown(String url, String problem) {
        assertThatThrownBy(() -> new HeartbeatProperties(url, null, null, null, null))
                .hasMessageContaining("heartbeat.url " + problem)
                .hasMessageNotContaining("secret,")
                .hasMessageNotContaining("/secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://hc.example/secret", "HTTP://hc.example/secret"})
    void aUrlUnderAnotherKeyIsRefusedAndNotShown(String url) {
        var file = Path.of(url);
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, file, null, null))
                .hasMessageContaining("heartbeat.url_file holds a URL where the path of a file belongs")
                .hasMessageNotContaining("hc.example");
        assertThatThrownBy(() -> new HeartbeatProperties("http://hc.example", null, null, null, file))
                .hasMessageContaining("heartbeat.ca_file holds a URL where the path of a file belongs")
                .hasMessageNotContaining("hc.example");
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, null, url, null))
                .hasMessageContaining("heartbeat.proxy holds more than the address of a proxy")
                .hasMessageNotContaining("hc.example");
    }

    @Test
    void itsTextHoldsNoUrl() {
        assertThat(new HeartbeatProperties("http://hc.example/secret", "http://hc.example/secret2", null, null, null))
                .asString()
                .doesNotContain("hc.example");
    }

    @Test
    void theFileIsProtectedAndHoldsOneOrTwoLines() throws IOException {
        var file = Files.writeString(temporary.resolve("url"), "https://hc.example/secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, file, null, null))
                .hasMessageContaining("every user of this machine may use it");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(new HeartbeatProperties(null, null, file, null, null).isOn()).isTrue();
        assertThat(new HeartbeatProperties(null, null, file, null, null).afterFailure())
                .isEmpty();
        assertThatThrownBy(() -> new HeartbeatProperties("https://hc.example/x", null, file, null, null))
                .hasMessageContaining("is set beside heartbeat.url");

        Files.writeString(file, "https://hc.example/secret\nhttps://hc.example/secret/fail\n");
        var both = new HeartbeatProperties(null, null, file, null, null);
        assertThat(both.afterSuccess().orElseThrow().get()).hasPath("/secret");
        assertThat(both.afterFailure().orElseThrow().get()).hasPath("/secret/fail");
        assertThatThrownBy(() -> new HeartbeatProperties(null, "https://hc.example/secret/fail", file, null, null))
                .hasMessageContaining("heartbeat.fail_url is set, and the file of heartbeat.url_file has a second line")
                .hasMessageNotContaining("secret");

        Files.writeString(file, "https://hc.example/secret\nhttps://hc.example/secret2\nhttps://hc.example/secret3\n");
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, file, null, null))
                .hasMessageContaining("does not hold one or two lines")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> both.afterFailure().orElseThrow().get())
                .hasMessageContaining("does not hold one or two lines");
    }

    @Test
    void nothingIsOnByItself() {
        assertThat(new HeartbeatProperties(null, null, null, null, null).isOn()).isFalse();
    }
}
