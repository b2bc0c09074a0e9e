package dev.otherix.backup.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.DebianPackage;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.NeedsContainerEngine;
import dev.otherix.backup.realetcd.NeedsDebianPackage;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The life of the package on a real Debian with a real etcd: each test goes on where the one before it ended. */
@NeedsEtcd
@NeedsContainerEngine
@NeedsDebianPackage
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianPackageIT {

    private static final String UNIT = "otherix-etcd-backup.service";
    private static final String SNAPSHOTS = "/var/lib/otherix-backup/snapshots";
    private static final String ELSEWHERE = "/var/backups/otherix-etcd";
    private static final Duration START = Duration.ofSeconds(90);

    private static DebianMachine debian;

    @BeforeAll
    static void boot() {
        var etcd = EtcdHomes.first().etcd();
        debian = DebianMachine.boot(
                Map.of(DebianPackage.built().orElseThrow(), "/new.deb", etcd, "/usr/local/bin/etcd"));
        // the same package as an earlier version with another default in its configuration
        debian.run("""
                dpkg-deb -R /new.deb /tmp/old
                sed -i 's/^Version: .*/Version: 0.0.1/' /tmp/old/DEBIAN/control
                sed -i 's/retention: 7/retention: 5/' /tmp/old/etc/otherix/backup.yaml
                dpkg-deb -Znone -b /tmp/old /old.deb
                rm -r /tmp/old
                """);
    }

    @AfterAll
    static void end() {
        debian.close();
    }

    @Test
    @Order(1)
    void aCleanInstallRunsAtOnceAsAUserOfItsOwnAlsoWhereEtcdIsAway() {
        debian.run("dpkg -i /old.deb");

        // installed means started, and started means that it answers and has made its token
        assertThat(get("/actuator/health/readiness")).contains("UP");
        assertThat(debian.run("stat -c '%U %a' /var/lib/otherix-backup/api-token"))
                .isEqualTo("otherix 600\n");
        assertThat(debian.run("stat -c %U /proc/$(systemctl show -p MainPID --value " + UNIT + ")"))
                .isEqualTo("otherix\n");
        assertThat(debian.run("systemctl is-enabled " + UNIT)).isEqualTo("enabled\n");
        assertThat(debian.run("stat -c '%U %a' /var/lib/otherix-backup " + SNAPSHOTS))
                .isEqualTo("otherix 700\notherix 700\n");
        assertThat(get("/readyz")).contains("\"etcd\":{\"status\":\"fail\"");
        // Java says so there when it cannot use the cache of its classes
        assertThat(debian.journal(UNIT)).noneMatch(line -> line.contains("[aot]"));
    }

    @Test
    @Order(2)
    void theUnitIsSoundAndHardened() {
        assertThat(debian.run("systemd-analyze verify /usr/lib/systemd/system/" + UNIT + " 2>&1"))
                .isEmpty();
        // fails where the exposure is above 1.5
        debian.run("systemd-analyze security --offline=true --threshold=15 /usr/lib/systemd/system/" + UNIT);
        assertThat(debian.run("systemctl show -p Requires -p BindsTo -p Wants -p PartOf " + UNIT))
                .doesNotContain("otherix-api");
        assertThat(debian.run("systemctl show -p After " + UNIT)).contains("otherix-api.service");
    }

    @Test
    @Order(3)
    void aSnapshotIsTakenBesideOtherixApiWhateverItsVariablesAre() {
        debian.write("/etc/otherix/api.env", """
                OTHERIX_SERVER__LISTEN=0.0.0.0:8080
                OTHERIX_AUTH__JWT_SECRET=0123456789abcdef0123456789abcdef
                OTHERIX_ETCD__MODE=single
                OTHERIX_ETCD__NAME=otherix-0
                OTHERIX_ETCD__DATA_DIR=/var/lib/otherix/etcd
                OTHERIX_ETCD__CLUSTER_TOKEN=otherix-cluster
                OTHERIX_LOGGER__LEVEL=info
                OTHERIX_WORKERS__MAX_WORKERS=10
                OTHERIX_CLUSTER_CA__KEY_FILE=/var/lib/otherix/ca/cluster-ca.key
                """);
        debian.write("/etc/systemd/system/otherix-api.service", """
                [Service]
                Type=notify
                User=otherix
                StateDirectory=otherix
                EnvironmentFile=/etc/otherix/api.env
                ExecStart=/usr/local/bin/etcd --data-dir=/var/lib/otherix/etcd
                """);
        debian.write(
                "/etc/systemd/system/" + UNIT + ".d/environment.conf",
                "[Service]\nEnvironmentFile=/etc/otherix/api.env\n");
        debian.run(
                "chmod 600 /etc/otherix/api.env; systemctl daemon-reload; systemctl start otherix-api; systemctl restart "
                        + UNIT);
        awaitReady();

        var name =
                debian.run("otherix-etcd-backup snapshot --reason @first --pin").strip();

        assertThat(debian.run("stat -c '%U %a' " + SNAPSHOTS + "/" + name)).isEqualTo("otherix 600\n");
        assertThat(debian.run("cat " + SNAPSHOTS + "/" + name.replace(".db", ".json")))
                .contains("@first", "\"verified\"");
        assertThat(debian.journal(UNIT)).noneMatch(line -> line.contains("0123456789abcdef"));
    }

    @Test
    @Order(4)
    void anAdministratorPastesTheLinesOfTheReadmeAndOfTheInstallationPage() {
        debian.run("useradd admin; echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin");
        for (var page : List.of("README.md", "src/site/markdown/install.md")) {
            var pasted =
                    debian.executeAs("admin", String.join("\n", PastedLines.after("sudo apt install", Path.of(page))));
            assertThat(pasted.getExitCode())
                    .as(pasted.getStdout() + pasted.getStderr())
                    .isZero();
            assertThat(pasted.getStdout()).contains("Backups run (UP)", "* the newest verified one");
        }
        var json = debian.executeAs("admin", "sudo otherix-etcd-backup status -o json");
        assertThat(json.getStdout()).contains("\"state\" : \"UP\"");
    }

    @Test
    @Order(5)
    void withoutSudoEachCommandTellsWhatIsClosedAndDoesNotCallItMissing() {
        for (var command :
                List.of("snapshot", "status", "list", "verify " + SNAPSHOTS, "verify " + SNAPSHOTS + "/otherix-*.db")) {
            var refused = debian.executeAs("admin", "otherix-etcd-backup " + command);
            assertThat(refused.getExitCode()).as(command).isEqualTo(2);
            assertThat(refused.getStderr())
                    .as(command)
                    .contains("admin may not enter /var/lib/otherix-backup (owner otherix:otherix, mode 0700)")
                    .doesNotContain("not exist");
        }
    }

    @Test
    @Order(6)
    void theProgramAloneStartsNoService() {
        assertThat(debian.run("otherix-etcd-backup")).startsWith("Usage: otherix-etcd-backup");
        var options = debian.execute("otherix-etcd-backup --config /etc/otherix/backup.yaml");
        assertThat(options.getExitCode()).isEqualTo(2);
        assertThat(options.getStderr()).contains("Put the command first: otherix-etcd-backup COMMAND --config");
    }

    @Test
    @Order(7)
    void rootIsKeptOutOfTheDirectoryOfTheService() {
        var refused = debian.execute("otherix-etcd-backup serve --api.listen=127.0.0.1:18090 --monitoring.listen=off");
        assertThat(refused.getExitCode()).isNotZero();
        assertThat(refused.getStdout())
                .contains(
                        "workers.backup.dir = " + SNAPSHOTS + " belongs to the user otherix, and this runs as root",
                        "systemctl start otherix-etcd-backup",
                        "runuser -u otherix -- otherix-etcd-backup serve");
        assertThat(debian.run("find /var/lib/otherix-backup -not -user otherix"))
                .isEmpty();
    }

    @Test
    @Order(8)
    void aTokensFileIsOpenedToTheServiceByTheCommandInTheLogAndTheFirstTokenGoesOn() {
        debian.run(
                "otherix-etcd-backup token new --name grafana --scope read | { read token; echo tokens:; cat; } >/etc/otherix/tokens.yaml");
        debian.run(
                "chmod 644 /etc/otherix/tokens.yaml; printf 'api:\n  tokens_file: /etc/otherix/tokens.yaml\n' >>/etc/otherix/backup.yaml");
        assertThat(debian.execute("systemctl restart " + UNIT).getExitCode())
                .as("a failed start is seen")
                .isNotZero();
        var command = "chown root:otherix /etc/otherix/tokens.yaml && chmod 640 /etc/otherix/tokens.yaml";
        assertThat(debian.journal(UNIT)).anyMatch(line -> line.startsWith("Run " + command));

        debian.run("chmod 640 /etc/otherix/tokens.yaml; systemctl restart " + UNIT + " || true");
        assertThat(debian.journal(UNIT))
                .anyMatch(line -> line.contains("is there, but otherix may not read it (owner root:root, mode 0640)"));

        debian.run(command + "; systemctl restart " + UNIT + "; otherix-etcd-backup snapshot");
        debian.run(
                "sed -i '/^api:/,$d' /etc/otherix/backup.yaml; rm /etc/otherix/tokens.yaml; systemctl restart " + UNIT);
    }

    @Test
    @Order(9)
    void thePagesLinkToWhatThePackageHas() {
        assertThat(debian.run("""
                cd /usr/share/doc/otherix-etcd-backup
                grep -oE '\\]\\([^)#]+' *.md | sed 's/.*](//' | grep -v '^http' | sort -u | while read -r link; do
                  [ -e "$link" ] || echo "$link"
                done
                """)).isEmpty();
        assertThat(debian.run("cat /usr/share/doc/otherix-etcd-backup/copyright"))
                .contains("SPDX-License-Identifier: Apache-2.0", "https://github.com/otherix/otherix-etcd-backup");
    }

    @Test
    @Order(10)
    void anybodyCanRunACommandAndOptionsForOtherJavaProgramsDoNoHarm() {
        assertThat(
                        debian.run(
                                "JAVA_TOOL_OPTIONS=-XX:+UseZGC JDK_JAVA_OPTIONS=-bad runuser -u nobody -- otherix-etcd-backup --version"))
                .startsWith("otherix-etcd-backup ")
                .hasLineCount(1);
    }

    @Test
    @Order(11)
    void anUpgradeKeepsTheConfigurationAndTheSnapshotsAndRestartsTheService() {
        debian.run("sed -i 's/interval: 6h/interval: 3h/' /etc/otherix/backup.yaml");
        var before = debian.run("ls " + SNAPSHOTS);
        var process = mainProcess();

        debian.run("DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i /new.deb");

        awaitReady();
        assertThat(mainProcess()).isNotEqualTo(process);
        assertThat(debian.run("dpkg-query -W -f '${Version}' otherix-etcd-backup"))
                .isNotEqualTo("0.0.1");
        assertThat(debian.run("cat /etc/otherix/backup.yaml")).contains("interval: 3h", "retention: 5");
        assertThat(debian.run("cat /etc/otherix/backup.yaml.dpkg-dist")).contains("interval: 6h", "retention: 7");
        assertThat(debian.run("ls " + SNAPSHOTS).lines())
                .containsAll(before.lines().toList());
    }

    @Test
    @Order(12)
    void whoMovesTheDirectoryIsToldTheDropInToWriteAndItWorks() {
        debian.run("sed -i 's#dir: .*#dir: " + ELSEWHERE + "#' /etc/otherix/backup.yaml; systemctl restart " + UNIT
                + " || true");
        await("the refusal").atMost(START).until(() -> debian.journal(UNIT).contains("Action:"));
        var told = debian.journal(UNIT);
        assertThat(told)
                .anyMatch(line -> line.startsWith(
                                "The directory that workers.backup.dir names cannot be used: opening the snapshot directory")
                        && line.contains(ELSEWHERE));

        // as shown, once: the unit tries again and says it again
        debian.run(
                told.stream().filter(line -> line.startsWith("    ")).distinct().collect(Collectors.joining("\n")));

        awaitReady();
        await("a snapshot there").until(() -> debian.run("ls " + ELSEWHERE).contains(".json"));
        assertThat(debian.run("systemctl show -p ReadWritePaths " + UNIT))
                .isEqualTo("ReadWritePaths=" + ELSEWHERE + "\n");
    }

    @Test
    @Order(13)
    void whoCopiesToADirectoryIsToldTheDropInToWriteAndItWorks() {
        debian.run("""
                install -d -m 700 -o otherix /mnt/copies
                runuser -u otherix -- touch /mnt/copies/.otherix-etcd-backup-target
                cat >> /etc/otherix/backup.yaml <<'EOF'
                offsite:
                  recipients: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
                  filesystem:
                    path: /mnt/copies
                EOF
                """);
        debian.run("systemctl restart " + UNIT);
        await("the advice")
                .atMost(START)
                .until(() ->
                        debian.journal(UNIT).stream().anyMatch(line -> line.startsWith("If that is already done")));
        var told = debian.journal(UNIT);
        var from = told.stream()
                .filter(line -> line.contains("The directory /mnt/copies of offsite.filesystem.path can only be read"))
                .findFirst()
                .orElseThrow();

        debian.run(told.stream()
                .skip(told.indexOf(from))
                .filter(line -> line.startsWith("    "))
                .distinct()
                .collect(Collectors.joining("\n")));

        awaitReady();
        await("a copy there")
                .atMost(START)
                .until(() -> debian.run("find /mnt/copies -name '*.json'").contains(".json"));
        debian.run("rm -r /mnt/copies");
    }

    @Test
    @Order(14)
    void aPurgeLeavesEverySnapshotAndSaysWhereTheyAre() {
        var kept = debian.run("ls " + SNAPSHOTS + " " + ELSEWHERE);
        debian.run("mkdir -p " + SNAPSHOTS + "/.otherix-etcd-backup.drill/data");

        var said = debian.run("dpkg --purge otherix-etcd-backup");

        assertThat(said)
                .contains(
                        "your drop-ins in /etc/systemd/system/" + UNIT + ".d stay",
                        "the snapshots stay in " + ELSEWHERE,
                        "the snapshots in " + SNAPSHOTS + " stay");
        assertThat(debian.run("ls " + SNAPSHOTS + " " + ELSEWHERE))
                .isEqualTo(kept)
                .contains(".db");
        assertThat(debian.run("find " + SNAPSHOTS + " -name '.*' -not -name '*.tmp' -mindepth 1"))
                .as("what was the service's own")
                .isEmpty();
        assertThat(debian.run("id -un otherix; systemctl is-active otherix-api"))
                .isEqualTo("otherix\nactive\n");
        assertThat(debian.execute("systemctl cat " + UNIT).getExitCode()).isNotZero();
        assertThat(debian.run("find / -xdev -name '*otherix-etcd-backup*' -not -path '*/snapshots/*' -not -path '"
                        + ELSEWHERE + "/*' -not -path '/etc/systemd/system/" + UNIT
                        + ".d*' -not -path '/proc/*' -not -path '/sys/*'"))
                .isEmpty();
        assertThat(debian.run("ls /etc/otherix")).isEqualTo("api.env\n");
    }

    private static void awaitReady() {
        await("ready")
                .atMost(START)
                .until(() -> get("/actuator/health/readiness").contains("UP"));
    }

    /** An answer of the listener for monitoring, empty where there is none. */
    private static String get(String path) {
        return debian.execute("curl --silent --max-time 5 http://127.0.0.1:8091" + path)
                .getStdout();
    }

    private static String mainProcess() {
        return debian.run("systemctl show -p MainPID " + UNIT);
    }
}
