package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong configuration stops the start with a message that names the key, the value and the fix. */
class WrongConfigurationIT {

    private static final Duration IN_SECONDS = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --workers.backup.interval=-1h      | workers.backup.interval = -1h is below zero               | 0 for the default of 6h
            --workers.backup.enabled=true      | workers.backup.dir is not set, but workers.backup.enabled | Set workers.backup.dir
            --workers.backup.interval=30       | workers.backup.interval = 30 is a number without its unit | for example 30s
            --etcd.client_url=http://10.0.0.5:2379 | etcd.client_url = http://10.0.0.5:2379                | https
            --api.token_file=/dev/null/token   | api.token_file = /dev/null/token cannot be written       | api.tokens_file
            --directory.reserve=half           | directory.reserve = half is neither a size nor a percentage | such as 5%
            --etcd.client_url=127.0.0.1:2379   | etcd.client_url = 127.0.0.1:2379 has no scheme            | Write http://127.0.0.1:2379
            --monitoring.listen=8091           | monitoring.listen = 8091 is not host:port                 | for example 127.0.0.1:8091
            --offsite.filesystem.path=/mnt/off | offsite.filesystem.path is set without workers.backup.dir | Set workers.backup.dir
            --offsite.recipients=AGE-SECRET-KEY-1QQQQ | offsite.recipients holds a private key of age      | age-keygen -y
            --zzz=x                            | zzz is not a setting of this service                      | configuration.md lists all keys
            --server.port=9090                 | server.port = 9090 is not a setting of this service       | set api.listen
            """)
    void aWrongSettingIsNamedWithItsValueAndTheFix(String setting, String problem, String fix) {
        refused(problem, fix, setting);
    }

    @Test
    void anUnknownKeyInAFileIsNamedWithItsLineAndTheNearestKey() throws IOException {
        var file = Files.writeString(directory.resolve("backup.yaml"), "workers:\n  backup:\n    intervall: 6h\n");
        refused(
                "workers.backup.intervall is not a setting of this service",
                "Did you mean workers.backup.interval?",
                "--config",
                file.toString());
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithItsKey() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "");
        refused(
                "The directory that workers.backup.dir names cannot be used: opening the snapshot directory: Not a directory"
                        + " (directory " + file.resolve("snapshots") + ")",
                "Set workers.backup.dir to a directory that exists or can be made",
                "--workers.backup.dir=" + file.resolve("snapshots"));
    }

    @Test
    void aPortThatIsTakenIsSaidWithTheKeyToChange() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            refused(
                    "Another program already listens on port " + taken.getLocalPort() + ": java (process "
                            + ProcessHandle.current().pid() + ")",
                    "Stop it, or set api.listen to another port, for example 127.0.0.1:",
                    "--api.listen=127.0.0.1:" + taken.getLocalPort());
        }
    }

    private static void refused(String problem, String fix, String... args) {
        try (var service = JarProcess.start(args)) {
            assertThat(service.exitCode(IN_SECONDS)).isEqualTo(1);
            assertThat(service.output() + service.errors())
                    .containsSubsequence("Description:", problem, "Action:", fix)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }
}
