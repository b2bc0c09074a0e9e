package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * A host burns, with its member and its snapshots. Copies are left in a bucket and on a second disk, which the service
 * has made; a person has the printed card, the identity, and credentials that may only read.
 */
@NeedsEtcd
@AnyEtcd
@NeedsObjectStore
@TestInstance(Lifecycle.PER_CLASS)
class BurntHostIT {

    private static final Runbook PAGE = new Runbook(Path.of("src/site/markdown/offsite.md"));
    private static final Duration LONG = Duration.ofMinutes(2);

    private Path temporary;
    private OffsiteScene store;
    private EtcdProcess member;
    private LostState state;
    private String card;
    private byte[] snapshot;

    @BeforeAll
    void burn(@TempDir Path shared) throws IOException {
        temporary = shared;
        store = OffsiteScene.in(temporary);
        member = EtcdProcess.start(EtcdHomes.first());
        var host = Files.createDirectory(temporary.resolve("host"));
        state = LostState.of(member, host.resolve("snapshots"), this::awaitCopies, store.settings());
        snapshot = Files.readAllBytes(state.snapshot());
        card = card(host.resolve("snapshots"));

        member.kill();
        FileSystemUtils.deleteRecursively(member.dataDir());
        FileSystemUtils.deleteRecursively(host);
        Files.delete(store.credentials());
    }

    @AfterAll
    void clean() {
        member.close();
        store.close();
    }

    private void awaitCopies(RunningService service, SnapshotName name) {
        var directory = service.bean(SnapshotDirectory.class);
        await().atMost(LONG)
                .until(() -> directory.find(name).orElseThrow().copies().stream()
                                .filter(copy -> copy.state() == Copy.State.COPIED)
                                .count()
                        == 2);
    }

    private String card(Path snapshots) {
        var arguments = new ArrayList<>(List.of("offsite", "card", "--workers.backup.dir=" + snapshots));
        arguments.addAll(List.of(store.settings()));
        try (var printed = JarProcess.start(arguments.toArray(String[]::new))) {
            assertThat(printed.exitCode(LONG)).as(printed::errors).isZero();
            assertThat(printed.output())
                    .doesNotContain(store.key().identity(), store.gateway().secretKey())
                    .contains(store.key().recipient(), state.seeded().ca().fingerprint(), store.bucket());
            return printed.output();
        }
    }

    private Command.Result bash(String script, Map<String, String> environment) {
        return new Command(
                        List.of(
                                "bash",
                                "-e",
                                "-u",
                                "-o",
                                "pipefail",
                                "-c",
                                JarProcess.function("otherix-etcd-backup", temporary.resolve("nothing")) + script),
                        environment,
                        LONG)
                .run();
    }

    /** The lines of the card that a person types, with what the person knows. */
    @Test
    void theCardBringsTheClusterBack() throws IOException {
        var here = Files.createDirectory(temporary.resolve("new-host"));
        var apiConfig =
                Files.writeString(here.resolve("api.yaml"), """
                etcd:
                  name: %s
                  data_dir: %s
                  peer_url: auto
                cluster_ca:
                  cert_file: %s/ca/cluster-ca.crt
                """.formatted(member.name(), member.dataDir(), here));
        var apiEnv = Files.writeString(here.resolve("api.env"), "OTHERIX_AUTH__JWT_SECRET=0123456789abcdef\n");
        var typed = card.lines()
                .filter(line -> line.matches(" {5,7}\\S.*"))
                .map(String::strip)
                .filter(line -> !line.startsWith("export AWS_"))
                .takeWhile(line -> !line.contains("enable --now otherix-api"))
                .collect(Collectors.joining("\n"))
                .replace("/root/identity.txt", store.identity().toString())
                .replace("--files /root", "--files " + here)
                .replace("--out /root", "--out " + here)
                .replace("https://ADDRESS:2380", member.peerUrl())
                .replace("/etc/otherix/api.yaml", apiConfig.toString())
                .replace("/etc/otherix/api.env", apiEnv.toString());
        assertThat(typed).doesNotContain("/root", "/etc", "/var");

        var run = bash("systemctl() { :; }\napt() { :; }\n" + typed, store.reader());

        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(includedIn(here.resolve("otherix-files"))).hasContent(OffsiteScene.API_CONFIG);
        assertThat(apiEnv).content().contains("OTHERIX_AGENT_SERVER__ENABLED=false");
        assertThat(here.resolve("ca/cluster-ca.key"))
                .hasContent(state.seeded().ca().keyPem());
        member.restart();
        state.assertRestored(member);
        member.kill();
    }

    @Test
    void withoutAFileInBetweenARestoreLeavesNoneBehind() throws IOException {
        var here = Files.createDirectory(temporary.resolve("direct"));
        var run = bash(
                "otherix-etcd-backup restore offsite:latest --from file://" + store.directory() + " --identity - "
                        + "--data-dir '" + here.resolve("etcd") + "' --name n --peer-url http://127.0.0.1:1 < '"
                        + store.identity() + "'",
                Map.of());

        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(run.errors()).contains("which is the only proven snapshot");
        assertThat(here).isDirectoryContaining("glob:**/etcd");
        try (var left = Files.list(here)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void thePageBringsTheSnapshotBackAndProvesTheIdentity() throws IOException {
        var out = Files.createDirectory(temporary.resolve("fetched"));
        var fetched = page("offsite-fetch", Map.of("OUT", out));
        assertThat(fetched.exitCode()).as(fetched::errors).isZero();
        assertThat(out.resolve(state.snapshot().getFileName())).hasBinaryContent(snapshot);
        assertThat(fetched.output().lines().toList().getLast())
                .isEqualTo(out.resolve(state.snapshot().getFileName()).toString());

        var checked = page("offsite-check", Map.of());
        assertThat(checked.exitCode()).as(checked::errors).isZero();
        assertThat(checked.output())
                .contains("canary-", state.snapshot().getFileName().toString(), "All of them open with this identity");
    }

    @Test
    void thePageDrillsWithACopyAndLeavesNothing() throws IOException {
        var scratch = Files.createDirectory(temporary.resolve("scratch"));
        var run = page(
                new Runbook(Path.of("src/site/markdown/drill.md")),
                "drill-copy",
                Map.of("ETCD", EtcdHomes.first().etcd(), "SCRATCH", scratch));
        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(run.output())
                .startsWith("passed    offsite:latest, in ")
                .contains(EtcdHomes.first().version());
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void theRunbookFetchesAndPlans() throws IOException {
        var out = Files.createDirectory(temporary.resolve("planned"));
        var run = page(Runbook.restore(), "burnt-host", Map.of("OUT", out));
        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(run.output())
                .contains("Restore " + out.resolve(state.snapshot().getFileName()))
                .contains(state.seeded().ca().fingerprint());
    }

    private Command.Result page(String block, Map<String, Object> more) {
        return page(PAGE, block, more);
    }

    private Command.Result page(Runbook page, String block, Map<String, Object> more) {
        var variables = new HashMap<String, Object>(more);
        variables.put("FROM", "s3://" + store.bucket());
        variables.put("ENDPOINT", store.gateway().endpoint());
        variables.put("REGION", store.gateway().region());
        variables.put("IDENTITY", store.identity());
        return page.run(block, EtcdHomes.first(), variables, store.reader());
    }

    private String key() {
        var listed = bash(
                "otherix-etcd-backup offsite list -o json --from 's3://" + store.bucket() + "' --endpoint-url "
                        + store.gateway().endpoint(),
                store.reader());
        assertThat(listed.exitCode()).as(listed::errors).isZero();
        return JsonMapper.shared()
                .readTree(listed.output())
                .at("/targets/0/copies/0/object/key")
                .asString();
    }

    @Test
    @NeedsProgram({"aws", "age"})
    void stockToolsBringItBackByHand() {
        byHand("by-hand-aws", Map.of("ENDPOINT", store.gateway().endpoint()), store.reader());
    }

    private Path includedIn(Path directory) {
        return directory.resolve(store.apiConfig().toString().substring(1));
    }

    @Test
    @NeedsProgram({"aws", "age"})
    void stockToolsBringTheFilesBesideItBackByHand() throws IOException {
        var files = temporary.resolve("files-by-hand");
        var run = PAGE.run(
                "by-hand-files",
                EtcdHomes.first(),
                Map.of(
                        "BUCKET",
                        store.bucket(),
                        "KEY",
                        key().replace(".db.gz.age", ".files.tar.gz.age"),
                        "ENDPOINT",
                        store.gateway().endpoint(),
                        "IDENTITY",
                        store.identity(),
                        "FILES",
                        files),
                store.reader());

        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(run.errors()).isEmpty();
        assertThat(includedIn(files)).hasContent(OffsiteScene.API_CONFIG);
        assertThat(Files.getPosixFilePermissions(includedIn(files)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getLastModifiedTime(includedIn(files)).to(TimeUnit.SECONDS))
                .isEqualTo(Files.getLastModifiedTime(store.apiConfig()).to(TimeUnit.SECONDS));
    }

    @Test
    @NeedsProgram({"rclone", "age"})
    void anotherStockToolBringsItBackByHand() {
        byHand(
                "by-hand-rclone",
                Map.of("REMOTE", "burnt"),
                Map.of(
                        "AWS_CA_BUNDLE", "",
                        "RCLONE_CONFIG", temporary.resolve("rclone.conf").toString(),
                        "RCLONE_CONFIG_BURNT_TYPE", "s3",
                        "RCLONE_CONFIG_BURNT_PROVIDER", "Other",
                        "RCLONE_CONFIG_BURNT_ENV_AUTH", "false",
                        "RCLONE_CONFIG_BURNT_ACCESS_KEY_ID", store.reader().get("AWS_ACCESS_KEY_ID"),
                        "RCLONE_CONFIG_BURNT_SECRET_ACCESS_KEY", store.reader().get("AWS_SECRET_ACCESS_KEY"),
                        "RCLONE_CONFIG_BURNT_REGION", store.gateway().region(),
                        "RCLONE_CONFIG_BURNT_ENDPOINT",
                                store.gateway().endpoint().toString()));
    }

    private void byHand(String block, Map<String, Object> more, Map<String, String> environment) {
        var file = temporary.resolve(block + ".db");
        var variables = new HashMap<>(more);
        variables.put("BUCKET", store.bucket());
        variables.put("KEY", key());
        variables.put("IDENTITY", store.identity());
        variables.put("SNAPSHOT", file);

        var run = PAGE.run(block, EtcdHomes.first(), variables, environment);

        assertThat(run.exitCode()).as(run::errors).isZero();
        assertThat(file).hasBinaryContent(snapshot);
        assertThat(bash("otherix-etcd-backup verify '" + file + "'", Map.of()).exitCode())
                .isZero();
    }
}
