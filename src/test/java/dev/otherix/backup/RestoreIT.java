package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.helm.Manifests;
import dev.otherix.backup.history.RecordedPast;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import dev.otherix.backup.realetcd.Tmpfs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The restore runbook, followed to the letter on real members. What only otherix-api's own host has (systemd, the
 * program {@code otherix}) is in blocks of {@code console}, and a member stands for it. {@link EtcdutlRestoreIT} runs
 * the blocks of the page's last section.
 */
@NeedsEtcdutl
@NeedsProgram("curl")
class RestoreIT {

    private static final Runbook RUNBOOK = Runbook.restore();
    private static final Map<String, Lost> CLUSTERS = new HashMap<>();

    @TempDir
    private static Path shared;

    @TempDir
    private Path temporary;

    private Path work;

    /** Three members whose state was backed up. */
    private record Lost(EtcdCluster cluster, LostState state) {}

    @BeforeEach
    void makePlaces() {
        work = temporary.resolve("otherix-restore");
    }

    @AfterAll
    static void stopTheClusters() {
        CLUSTERS.values().forEach(lost -> lost.cluster().close());
        CLUSTERS.clear();
    }

    /** A cluster of this line of which no member runs. */
    private static Lost lost(EtcdHome home) {
        var lost = CLUSTERS.computeIfAbsent(home.line(), line -> {
            var cluster = EtcdCluster.start(home, 3);
            return new Lost(cluster, LostState.of(cluster.leader(), shared.resolve(line)));
        });
        lost.cluster().members().forEach(EtcdProcess::terminate);
        return lost;
    }

    private static String run(EtcdHome home, String block, Map<String, ?> variables) {
        var result = RUNBOOK.run(block, home, variables);
        assertThat(result.exitCode())
                .as(() -> block + ": " + result.errors() + result.output())
                .isZero();
        return result.output();
    }

    /** What otherix-api's configuration on the host of this member is. */
    private Path apiConfig(EtcdProcess member) {
        try {
            return Files.writeString(temporary.resolve(member.name() + ".yaml"), """
                    etcd:
                      name: %s
                      data_dir: %s
                      peer_url: auto
                    cluster_ca:
                      cert_file: %s/cluster-ca.crt
                    """.formatted(
                            member.name(), member.dataDir(), caDir(member)));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private Path caDir(EtcdProcess member) {
        return temporary.resolve(member.name() + "-ca");
    }

    private Map<String, Object> restore(Path snapshot, EtcdProcess member, Map<String, ?> more) {
        var variables = new HashMap<String, Object>(more);
        variables.put("SNAPSHOT", snapshot);
        variables.put("API_CONFIG", apiConfig(member));
        variables.put("PEER_URL", member.peerUrl());
        return variables;
    }

    private String restoreInPlace(Path snapshot, EtcdProcess member) {
        member.kill();
        var printed = run(member.home(), "restore-one", restore(snapshot, member, Map.of()));
        member.restart();
        return printed;
    }

    private void assertHasTheCa(LostState state, EtcdProcess member) {
        assertThat(caDir(member).resolve("cluster-ca.crt"))
                .hasContent(state.seeded().ca().certificatePem());
        assertThat(caDir(member).resolve("cluster-ca.key"))
                .hasContent(state.seeded().ca().keyPem());
    }

    private static List<String> members(EtcdProcess asked) {
        return asked.etcdctl("member", "list")
                .lines()
                .map(line -> line.split(", "))
                .map(columns -> columns[1] + " " + columns[2] + " " + columns[3] + " learner=" + columns[5])
                .toList();
    }

    private static List<String> voters(List<EtcdProcess> all) {
        return all.stream()
                .map(member -> "started " + member.name() + " " + member.peerUrl() + " learner=false")
                .toList();
    }

    private static void assertChecked(EtcdProcess member) {
        assertThat(run(member.home(), "check", Map.of("URL", member.clientUrl())))
                .contains("\"peerURLs\":[\"" + member.peerUrl() + "\"]")
                .containsPattern("\"revision\":\"10000\\d{5}\"")
                .doesNotContain("NOSPACE");
    }

    @Test
    void everyBlockOfTheRunbookIsRunHereOrInTheOtherTests() {
        assertThat(RUNBOOK.names())
                .containsExactly(
                        "plan",
                        "plan-hosts",
                        "burnt-host",
                        "list",
                        "restore-dry",
                        "restore-one",
                        "quarantine",
                        "check",
                        "quarantine-end",
                        "joiner",
                        "restore-all",
                        "survivor",
                        "dead-member",
                        "plan-again",
                        "restore-raw",
                        "restore-earlier",
                        "versions",
                        "survivor-by-hand",
                        "prove-by-hand",
                        "rehearse",
                        "ca-by-hand",
                        "rehearsal-end",
                        "ca-in",
                        "set-aside",
                        "restore-by-hand",
                        "failed",
                        "disarm");
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void thePlanOfALostClusterHasTheCommandsForEachHost(EtcdHome home) throws IOException {
        var state = lost(home).state();
        var cluster = lost(home).cluster();
        var snapshots = state.snapshot().getParent();
        var fromAnother = Files.createDirectory(temporary.resolve("from-another"));
        Files.copy(state.snapshot(), fromAnother.resolve("otherix-20200101T000000Z.db"));

        assertThat(run(home, "plan", Map.of("SNAPSHOTS", snapshots, "FROM_ANOTHER", fromAnother)))
                .contains("Restore " + state.snapshot())
                .contains(state.seeded().ca().fingerprint());
        var hosts = cluster.members().subList(0, 2).stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .toList();
        assertThat(run(
                        home,
                        "plan-hosts",
                        Map.of("SNAPSHOTS", snapshots, "FIRST", hosts.getFirst(), "SECOND", hosts.getLast())))
                .contains("otherix-etcd-backup restore " + state.snapshot())
                .contains("otherix-api join --force --no-restart");
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void oneNodeIsRestoredInOneCommandAndTheOthersJoinIt(EtcdHome home) throws IOException {
        var state = lost(home).state();
        var cluster = lost(home).cluster();
        var first = cluster.member(0);
        Files.createDirectory(caDir(first));
        Files.writeString(caDir(first).resolve("cluster-ca.crt"), "of a blank host");

        assertThat(run(home, "list", Map.of("DIR", state.snapshot().getParent())))
                .contains("*  " + state.snapshot().getFileName())
                .contains("cluster " + Long.toHexString(state.status().clusterId()))
                .contains(" " + state.seeded().revision() + " ");
        assertThat(run(home, "restore-dry", restore(state.snapshot(), first, Map.of())))
                .startsWith("nothing was written; " + first.dataDir() + " can be made\n")
                .contains(state.seeded().ca().fingerprint());
        var printed = restoreInPlace(state.snapshot(), first);
        assertThat(printed)
                .startsWith(first.dataDir() + "\n")
                .contains("id " + Long.toHexString(first.status().clusterId()))
                .contains("Next on this host:");
        assertHasTheCa(state, first);
        state.assertRestored(first);
        assertChecked(first);
        assertThat(members(first)).isEqualTo(voters(List.of(first)));

        for (var joiner : cluster.members().subList(1, 3)) {
            Files.createDirectory(caDir(joiner));
            assertThat(run(home, "joiner", Map.of("DATA_DIR", joiner.dataDir(), "CA_DIR", caDir(joiner))))
                    .isEqualTo("nothing is left of the old cluster\n");
            assertThat(List.of(joiner.dataDir(), caDir(joiner))).noneMatch(Files::exists);
            cluster.join(joiner);
            await().untilAsserted(
                            () -> assertThatCode(() -> cluster.promote(joiner)).doesNotThrowAnyException());
        }
        assertThat(cluster.members()).allSatisfy(state::assertRestored);
        assertThat(members(first)).containsExactlyInAnyOrderElementsOf(voters(cluster.members()));
        LostState.assertTakesWrites(cluster.members());
    }

    /** The host is played: its paths are others, nothing is run by systemd, and nobody has to be root. */
    @Test
    void theReadmesThreeCommandsBringALostSingleNodeBack() throws IOException {
        var home = EtcdHomes.first();
        var state = lost(home).state();
        var member = lost(home).cluster().member(0);
        var apiEnv = Files.writeString(temporary.resolve("api.env"), "OTHERIX_AUTH__JWT_SECRET=0123456789abcdef");
        var commands = Pattern.compile("three\\s+commands:\n\n```console\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(commands.find()).isTrue();
        var played = commands.group(1)
                .replace("otherix-etcd-backup restore FILE", "otherix_etcd_backup restore '" + state.snapshot() + "'")
                .replace("/etc/otherix/api.yaml", apiConfig(member).toString())
                .replace("/etc/otherix/api.env", apiEnv.toString())
                .replace("https://ADDRESS:2380", member.peerUrl());
        assertThat(played).doesNotContain(" /etc", " /var");

        try (var script =
                JarProcess.script("set -e\nsudo() { \"$@\"; }\nsystemctl() { echo \"systemctl $*\"; }\n" + played)) {
            assertThat(script.exitCode(Duration.ofSeconds(90)))
                    .as(script::errors)
                    .isZero();
            assertThat(script.output().lines().filter(line -> line.startsWith("systemctl ")))
                    .containsExactly(
                            "systemctl mask --now otherix-api otherix-etcd-backup",
                            "systemctl unmask otherix-api",
                            "systemctl enable --now otherix-api");
        }
        assertThat(apiEnv)
                .content()
                .startsWith("OTHERIX_AUTH__JWT_SECRET=0123456789abcdef\n")
                .contains("\nOTHERIX_AGENT_SERVER__ENABLED=false\nOTHERIX_WORKERS__ENABLED=false\n");
        run(home, "quarantine-end", Map.of("API_ENV", apiEnv));
        assertThat(apiEnv).content().doesNotContain("ENABLED").endsWith("0123456789abcdef\n");
        member.restart();
        state.assertRestored(member);
        assertHasTheCa(state, member);
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void threeMembersAreRestoredAtOnce(EtcdHome home) {
        var state = lost(home).state();
        var cluster = lost(home).cluster();
        var initialCluster = cluster.members().stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));

        for (var member : cluster.members()) {
            run(
                    home,
                    "restore-all",
                    restore(
                            state.snapshot(),
                            member,
                            Map.of("INITIAL_CLUSTER", initialCluster, "CLUSTER_TOKEN", "restored-today")));
        }
        cluster.restart();

        assertThat(cluster.members()).allSatisfy(member -> {
            state.assertRestored(member);
            assertHasTheCa(state, member);
            assertThat(members(member)).containsExactlyInAnyOrderElementsOf(voters(cluster.members()));
        });
        LostState.assertTakesWrites(cluster.members());
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void aMomentBeforeIsRestoredByItsTime(EtcdHome home) throws IOException {
        var state = lost(home).state();
        var member = lost(home).cluster().member(0);
        var snapshot =
                Files.copy(state.snapshot(), temporary.resolve(state.snapshot().getFileName()));
        var record = (ObjectNode) JsonMapper.shared().readTree(RecordedPast.record(state.snapshot()));
        var marks = ((ObjectNode) record.get("history")).putArray("marks");
        marks.addArray().add(ago(46)).add(state.earlierRevision());
        marks.addArray().add(ago(44)).add(state.seeded().revision());
        Files.writeString(RecordedPast.record(snapshot), record.toString());

        run(home, "restore-earlier", restore(snapshot, member, Map.of("MOMENT", ago(45))));
        member.restart();

        state.assertRestoredToTheMomentBefore(member);
        assertChecked(member);
    }

    private static String ago(int minutes) {
        return Instant.now().minus(Duration.ofMinutes(minutes)).toString();
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void aSurvivorAndADirectoryWithItsLogGiveTheLastWritesAndTheDatabaseFileAloneDoesNot(EtcdHome home)
            throws IOException {
        // so that the last writes of one that is killed are in its log only
        try (var old = EtcdCluster.start(home, 3, "--backend-batch-interval=1h");
                var client = ReservedPort.take();
                var peer = ReservedPort.take()) {
            var survivor = old.leader();
            var dead = old.followers().getFirst();
            OtherixKeyspace.seed(dead.clientUrl(), 10);
            // writes to its file what it has so far
            dead.etcdctl("snapshot", "save", temporary.resolve("earlier.db").toString());
            dead.etcdctl("put", "/otherix/vms/last", "acknowledged");
            // a member notes that an entry was committed together with the next one
            dead.etcdctl("put", "/otherix/vms/after-the-last", "may be lost");
            old.killAllBut(survivor);

            var fromSurvivor = temporary.resolve("survivor").resolve(snapshotOf(survivor));
            run(
                    home,
                    "dead-member",
                    Map.of(
                            "DATA_DIR",
                            dead.dataDir(),
                            "WORK",
                            work,
                            "URL",
                            client.url("http"),
                            "PEER_URL",
                            peer.url("http")));
            assertThat(run(
                            home,
                            "plan-again",
                            Map.of("SNAPSHOTS", fromSurvivor.getParent(), "FILE", work.resolve("from-dead-member.db"))))
                    .contains("of 2 proven snapshots", "1 of its 3 members answers: " + survivor.name());
            var lastWrite =
                    List.of("get", "/otherix/vms/last", "--print-value-only").toArray(String[]::new);
            try (var member = EtcdProcess.start(home)) {
                for (var file : List.of(fromSurvivor, work.resolve("from-dead-member.db"))) {
                    restoreInPlace(file, member);
                    assertThat(member.etcdctl(lastWrite)).isEqualTo("acknowledged\n");
                }
            }
            var variables = restore(fromSurvivor, dead, Map.of("DATA_DIR", dead.dataDir(), "WORK", work));
            variables.remove("SNAPSHOT");
            run(home, "restore-raw", variables);
            survivor.kill();
            dead.restart();
            assertThat(dead.etcdctl(lastWrite)).isEmpty();
            assertThat(dead.etcdctl("get", "/otherix/vms/", "--prefix", "--keys-only"))
                    .contains("/otherix/vms/");
        }
    }

    private String snapshotOf(EtcdProcess survivor) throws IOException {
        var token = temporary.resolve("api-token");
        try (var service = RunningService.start(
                survivor.clientUrl(), temporary.resolve("survivor"), "--api.token_file=" + token)) {
            var config = Files.writeString(
                    temporary.resolve("backup.yaml"),
                    "api: {listen: \"" + service.url("").getAuthority() + "\", token_file: \"" + token + "\"}\n");
            return run(survivor.home(), "survivor", Map.of("CONFIG", config)).strip();
        }
    }

    @Test
    void aDamagedSnapshotIsRefusedAndTheOldDirectoryStays() throws IOException {
        var home = EtcdHomes.first();
        var state = lost(home).state();
        var member = lost(home).cluster().member(0);
        var damaged = Files.copy(state.snapshot(), temporary.resolve("damaged.db"));
        try (var file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.seek(file.length() / 2);
            var flipped = file.read() ^ 1;
            file.seek(file.length() / 2);
            file.write(flipped);
        }
        var old = Files.readAttributes(member.dataDir(), "unix:ino");

        var refused = RUNBOOK.run("restore-one", home, restore(damaged, member, Map.of()));
        assertThat(refused.exitCode()).isOne();
        assertThat(refused.errors()).contains(damaged.toString());
        assertThat(Files.readAttributes(member.dataDir(), "unix:ino")).isEqualTo(old);
        assertThat(caDir(member)).doesNotExist();
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    @NeedsTmpfs
    void thePodRestoresIntoAVolumeThatIsTheDataDirectoryItself(EtcdHome home) throws IOException {
        var pod = pod();
        var container = pod.getSpec().getContainers().getFirst();
        var state = lost(home).state();
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactly("/var/lib/otherix-backup", "/var/lib/otherix/etcd");
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyElementsOf(pod.getSpec().getVolumes().stream()
                        .map(volume -> volume.getName())
                        .toList());
        try (var volume = Tmpfs.mount(400)) {
            var old = Files.createDirectories(volume.directory().resolve("member/snap"));
            Files.writeString(old.resolve("db"), "of the old cluster");
            var arguments = container.getArgs().stream()
                    .map(argument -> argument.replaceFirst(
                            "^/var/lib/otherix-backup/.*", state.snapshot().toString()))
                    .map(argument -> argument.replace(
                            "/var/lib/otherix/etcd", volume.directory().toString()));
            try (var restore = JarProcess.start(arguments.toArray(String[]::new))) {
                assertThat(restore.exitCode(Duration.ofSeconds(90)))
                        .as(restore::errors)
                        .isZero();
            }
            try (var files = Files.list(volume.directory())) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .hasSize(2)
                        .contains("member")
                        .anyMatch(name -> name.startsWith("member.before-restore-"));
            }
            try (var member = EtcdProcess.builder(home)
                    .name("otherix-0")
                    .dataDir(volume.directory())
                    .start()) {
                state.assertRestored(member);
            }
        }
    }

    private static Pod pod() throws IOException {
        var yaml = Pattern.compile("```yaml\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("src/site/markdown/restore.md")));
        assertThat(yaml.find()).isTrue();
        return Manifests.parse(yaml.group(1)).objects().stream()
                .map(Pod.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
