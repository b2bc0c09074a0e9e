package dev.otherix.backup.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Debian's stable release of 2023 with systemd as process 1, in a container without network. The image is made once per
 * engine, from Debian's own and packages that its apt fetches.
 */
final class DebianMachine implements AutoCloseable {

    private static final String DEBIAN = "debian:bookworm-slim";
    private static final String IMAGE = "localhost/otherix-etcd-backup-tests/debian-systemd";
    private static final String TAG = "bookworm-sudo";

    private final GenericContainer<?> container;

    private DebianMachine(GenericContainer<?> container) {
        this.container = container;
    }

    /** Boots one, with these files of this machine in it. */
    static DebianMachine boot(Map<Path, String> files) {
        if (DockerClientFactory.lazyClient()
                .listImagesCmd()
                .withFilter("reference", List.of(IMAGE + ":" + TAG))
                .exec()
                .isEmpty()) {
            makeImage();
        }
        var container = new GenericContainer<>(DockerImageName.parse(IMAGE + ":" + TAG))
                // systemd mounts, and makes control groups and namespaces
                .withPrivilegedMode(true)
                .withNetworkMode("none")
                .withTmpFs(Map.of("/run", "exec", "/run/lock", ""))
                .withCommand("/lib/systemd/systemd");
        files.forEach((from, to) -> container.withCopyFileToContainer(MountableFile.forHostPath(from), to));
        container.start();
        var machine = new DebianMachine(container);
        await("systemd")
                .until(() -> machine.execute("systemctl is-system-running")
                        .getStdout()
                        .matches("(running|degraded)\\s+"));
        return machine;
    }

    private static void makeImage() {
        try (var plain = new GenericContainer<>(DockerImageName.parse(DEBIAN))
                .withNetworkMode("host")
                .withCommand("sleep", "infinity")) {
            plain.start();
            new DebianMachine(plain).run("""
                    export DEBIAN_FRONTEND=noninteractive
                    apt-get update -qq
                    apt-get install -qq --no-install-recommends systemd systemd-sysv dbus curl sudo
                    rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d
                    """);
            DockerClientFactory.lazyClient()
                    .commitCmd(plain.getContainerId())
                    .withRepository(IMAGE)
                    .withTag(TAG)
                    .exec();
        }
    }

    /** Runs a shell script as root, demands success, and returns what it printed to standard output. */
    String run(String script) {
        var result = execute(script);
        assertThat(result.getExitCode())
                .as(() -> script + "\n" + result.getStdout() + result.getStderr())
                .isZero();
        return result.getStdout();
    }

    /** Runs a shell script as root, whatever its exit code. */
    ExecResult execute(String script) {
        try {
            return container.execInContainer("sh", "-ec", script);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Runs a shell script as a user who is no root, whatever its exit code. */
    ExecResult executeAs(String user, String script) {
        write("/tmp/script", script + "\n");
        return execute("chmod 755 /tmp/script; cd /; exec runuser -u " + user + " -- sh -e /tmp/script");
    }

    /** Writes a text file, with its directories. */
    void write(String file, String text) {
        run("mkdir -p $(dirname " + file + ")\ncat >" + file + " <<'END-OF-FILE'\n" + text + "END-OF-FILE");
    }

    /** What a unit has written to the journal, in lines. */
    List<String> journal(String unit) {
        return run("journalctl --quiet --output=cat --unit=" + unit).lines().toList();
    }

    @Override
    public void close() {
        container.close();
    }
}
