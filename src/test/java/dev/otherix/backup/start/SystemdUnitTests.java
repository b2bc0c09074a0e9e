package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdUnitTests {

    private static final Map<String, String> OF_A_SERVICE = Map.of("INVOCATION_ID", "0123456789abcdef0123456789abcdef");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/system.slice/otherix-etcd-backup.service\n",
                "4:memory:/a/b.scope\n1:name=systemd:/system.slice/otherix-etcd-backup.service\n0::/system.slice/otherix-etcd-backup.service\n",
                "1:name=systemd:/container/system.slice/system-x.slice/otherix-etcd-backup.service\n"
            })
    void theUnitIsTheLastPartOfTheControlGroup(String cgroup) throws IOException {
        assertThat(SystemdUnit.find(OF_A_SERVICE, file(cgroup)))
                .hasValue(new SystemdUnit("otherix-etcd-backup.service"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/user.slice/user-1000.slice/session-2.scope\n",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-terminal.scope\n",
                "0::/\n",
                "4:memory:/system.slice/other.service\n"
            })
    void aProcessOfNoServiceHasNoUnit(String cgroup) throws IOException {
        assertThat(SystemdUnit.find(OF_A_SERVICE, file(cgroup))).isEmpty();
    }

    @Test
    void aProcessThatSystemdDidNotStartHasNoUnit() throws IOException {
        assertThat(SystemdUnit.find(Map.of(), file("0::/system.slice/ssh.service\n")))
                .isEmpty();
        assertThat(SystemdUnit.find(OF_A_SERVICE, temporary.resolve("missing"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /var/backups/otherix-etcd | ReadWritePaths=/var/backups/otherix-etcd
            /mnt/it's 100% "mine"     | ReadWritePaths="/mnt/it's 100%% \\"mine\\""
            """)
    void anyPathGetsThroughTheShellAsSystemdReadsIt(String directory, String line) {
        var printf = new SystemdUnit("x.service")
                .allow(Path.of(directory), "otherix")
                .filter(command -> command.startsWith("printf"))
                .findFirst()
                .orElseThrow();

        assertThat(Command.of("sh", "-c", printf.replaceFirst(" > .*", "")).output())
                .isEqualTo("[Service]\n" + line + "\n");
    }

    @Test
    void copiesGetADropInOfTheirOwn() {
        assertThat(new SystemdUnit("x.service").allowCopies(Path.of("/mnt/nas")))
                .containsExactly(
                        "mkdir -p /etc/systemd/system/x.service.d",
                        "printf '[Service]\\nReadWritePaths=%s\\n' /mnt/nas > /etc/systemd/system/x.service.d/offsite.conf",
                        "systemctl daemon-reload",
                        "systemctl restart x.service");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(temporary.resolve("cgroup"), text);
    }
}
