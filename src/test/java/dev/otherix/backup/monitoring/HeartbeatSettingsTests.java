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
            """)
    void aProxyThatCannotWorkIsRefused(@Nullable String url, String proxy, String message) {
        assertThatThrownBy(() -> new HeartbeatProperties(url, null, null, proxy, null))
                .hasMessageContaining(message);
    }

    @Test
    void theFileIsProtectedAndHoldsOneLine() throws IOException {
        var file = Files.writeString(temporary.resolve("url"), "https://hc.example/secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, file, null, null))
                .hasMessageContaining("every user of this machine may use it");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(new HeartbeatProperties(null, null, file, null, null).isOn()).isTrue();
        assertThatThrownBy(() -> new HeartbeatProperties("https://hc.example/x", null, file, null, null))
                .hasMessageContaining("is set beside heartbeat.url");

        Files.writeString(file, "https://hc.example/secret\nhttps://hc.example/secret2\n");
        assertThatThrownBy(() -> new HeartbeatProperties(null, null, file, null, null))
                .hasMessageContaining("does not hold one line")
                .hasMessageNotContaining("secret");
    }

    @Test
    void nothingIsOnByItself() {
        assertThat(new HeartbeatProperties(null, null, null, null, null).isOn()).isFalse();
    }
}
