package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFileTests {

    private static final int ROOT = 0;
    private static final int SERVICE = 65532;

    @ParameterizedTest
    @CsvSource({"600,65532", "400,65532", "640,0", "440,0", "600,0", "440,1000"})
    void aFileOfItsOwnOrOneThatItReadsThroughItsGroupIsTaken(String mode, int owner) {
        assertThat(SecretFile.tooOpen(Integer.parseInt(mode, 8), owner, SERVICE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "644,0,every user",
        "604,65532,every user",
        "601,65532,every user",
        "444,0,every user",
        "660,0,group may change",
        "620,65532,group may change",
        "640,65532,group may use",
        "440,65532,group may use",
        "610,65532,group may use"
    })
    void aFileThatIsMoreOpenThanItHasToBeIsRefused(String mode, int owner, String problem) {
        assertThat(SecretFile.tooOpen(Integer.parseInt(mode, 8), owner, SERVICE))
                .hasValueSatisfying(told -> assertThat(told).contains("mode 0" + mode, problem));
    }

    @Test
    void asRootTheGroupOfRootMayRead() {
        assertThat(SecretFile.tooOpen(0440, ROOT, ROOT)).isEmpty();
        assertThat(SecretFile.tooOpen(0444, ROOT, ROOT)).isPresent();
    }

    @Test
    void aRefusalNamesKeyFileModeAndTheFix(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("key"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> SecretFile.check("api.tls.key_file", file))
                .withMessageStartingWith("api.tls.key_file = " + file + " has mode 0644")
                .satisfies(e -> assertThat(e.fix()).contains("chmod 600 " + file, "defaultMode"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatCode(() -> SecretFile.check("api.tls.key_file", file)).doesNotThrowAnyException();
    }
}
