package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.StandardEnvironment;

class UnusableDirectoryAnalyzerTests {

    @TempDir
    private Path temporary;

    @Test
    void aDirectoryThatMayNotBeMadeComesWithTheCommandThatMakesIt() throws IOException {
        var closed = Files.createDirectory(
                temporary.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeFalse(Files.isWritable(closed), "this user writes everywhere");
        var dir = closed.resolve("my snapshots");
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> SnapshotDirectory.open(dir, null))
                .satisfies(failure -> {
                    var analysis = new UnusableDirectoryAnalyzer(environment(dir)).analyze(failure);
                    assertThat(analysis.getDescription()).contains("workers.backup.dir", dir.toString());
                    assertThat(analysis.getAction())
                            .contains("    sudo install -d -m 0700 -o " + System.getProperty("user.name") + " '" + dir
                                    + "'");
                });
    }

    private StandardEnvironment environment(Path dir) {
        var environment = new StandardEnvironment();
        var settings =
                Settings.load(SettingsBlocks.ALL, new String[] {"--workers.backup.dir=" + dir}, Map.of(), temporary);
        environment
                .getPropertySources()
                .addFirst(new SettingsPropertySource(settings, new ListenAddress("127.0.0.1", 0), Map.of(), false));
        return environment;
    }
}
