package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.verify.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drills of real snapshots with a real etcd of each line. */
@NeedsEtcdutl
@Timeout(240)
class DrillIT {

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    @TempDir
    private Path dir;

    private Path snapshot;
    private Path scratch;

    @BeforeEach
    void makeScratch() throws IOException {
        snapshot = dir.resolve("otherix-20260606T031500Z.db");
        scratch = Files.createDirectory(dir.resolve("scratch"));
    }

    private DrillScene drill() {
        return new DrillScene(snapshot, scratch);
    }

    /** Users, roles and leases are in it, and authentication is on. */
    private void takeSnapshot(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home)) {
            try (var workload = new Workload(etcd.clientUrl())) {
                workload.write(120);
                workload.compact(workload.write(1), true);
                workload.lend(15);
                workload.write(60);
            }
            etcd.etcdctl("role", "add", "operator");
            etcd.enableAuth("a-password");
            etcd.etcdctl("snapshot", "save", snapshot.toString());
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.4", "3.5", "3.6", "3.7"})
    void anEtcdOfItsLineOrALaterOneServesTheSameAndAnEarlierOneIsNotStarted(EtcdHome home) throws Exception {
        takeSnapshot(home);

        var alone = drill().run();
        assertThat(alone).isInstanceOf(DrillOutcome.Passed.class);
        assertThat(alone.etcdVersion()).isEmpty();
        for (var other : EtcdHomes.all()) {
            var outcome = drill().etcd(other.etcd()).run();
            assertThat(outcome.etcdVersion()).hasValue(other.version());
            if (other.isSince(home.line())) {
                assertThat(outcome)
                        .as("%s with %s", home, other)
                        .isInstanceOfSatisfying(DrillOutcome.Passed.class, passed -> {
                            assertThat(passed.liveKeys()).isEqualTo(((DrillOutcome.Passed) alone).liveKeys());
                            assertThat(passed.hashKv()).isEqualTo(((DrillOutcome.Passed) alone).hashKv());
                            assertThat(passed.notes()).isEmpty();
                        });
            } else {
                assertThat(outcome).as("%s with %s", home, other).isInstanceOf(DrillOutcome.Skipped.class);
                assertThat(DrillScene.detail(outcome))
                        .isEqualTo("etcd " + other.version() + " cannot read this snapshot, which needs etcd "
                                + home.line() + " or later; name an etcd " + home.line() + " in drill.etcd");
            }
        }
    }

    @Test
    void itListensAtSocketsAndNoPortWhereverTheScratchDirectoryIs() throws Exception {
        takeSnapshot(EtcdHomes.first());
        scratch = Files.createDirectories(scratch.resolve("a".repeat(120)).resolve("b".repeat(120)));
        var seen = dir.resolve("seen");
        var program = DrillScene.program(
                dir.resolve("etcd"), """
                etcd=%s
                if [ "$1" = --version ]; then exec "$etcd" --version; fi
                "$etcd" "$@" & pid=$!
                trap 'ls -l /proc/$pid/fd > %s; cat /proc/net/tcp /proc/net/tcp6 >> %s; kill $pid' TERM
                wait $pid
                wait $pid
                """.formatted(EtcdHomes.first().etcd(), seen, seen));

        assertThat(drill().etcd(program).run()).isInstanceOf(DrillOutcome.Passed.class);

        var lines = Files.readAllLines(seen);
        var sockets = lines.stream()
                .flatMap(line -> SOCKET.matcher(line).results().map(match -> match.group(1)))
                .toList();
        assertThat(sockets).as("it served when it was asked to end").hasSizeGreaterThanOrEqualTo(2);
        assertThat(lines.stream().filter(line -> line.matches(" *\\d+: .*")))
                .as("sockets of TCP, by their numbers")
                .isNotEmpty()
                .noneMatch(line -> sockets.contains(line.strip().split(" +")[9]));
    }

    @Test
    void keysWhoseLeasesEndMeanwhileDoNotCount() throws Exception {
        var home = EtcdHomes.first();
        try (var etcd = EtcdProcess.start(home)) {
            var lease = etcd.etcdctl("lease", "grant", "1").split(" ")[1];
            etcd.etcdctl("put", "/otherix/stays", "a");
            etcd.etcdctl("put", "--lease=" + lease, "/otherix/leased", "b");
            etcd.etcdctl("snapshot", "save", snapshot.toString());
        }
        // it is reached only when the lease has ended
        var program = DrillScene.program(dir.resolve("etcd"), """
                etcd=%s
                if [ "$1" = --version ]; then exec "$etcd" --version; fi
                "$etcd" "$@" --listen-client-urls=unix://hidden:1 & pid=$!
                trap 'kill $pid' TERM
                until [ "$(%s --endpoints=unix://hidden:1 get --prefix /otherix --keys-only 2>&1)" = '/otherix/stays' ]
                do sleep 0.1
                done
                ln -s hidden:1 clients:1
                wait $pid
                wait $pid
                """.formatted(home.etcd(), home.etcdctl()));

        assertThat(drill().etcd(program).run())
                .isInstanceOfSatisfying(
                        DrillOutcome.Passed.class,
                        passed -> assertThat(passed.liveKeys()).isEqualTo(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            put /otherix/two b | the HashKV of etcd VERSION at revision 3 is \\d+, and that of the snapshot is \\d+
            del /otherix/one | etcd VERSION serves 0 live keys at revision 3, and the snapshot has 2
            """)
    void anEtcdThatServesSomethingElseFails(String second, String detail) throws Exception {
        var home = EtcdHomes.first();
        var others = dir.resolve("others.db");
        for (var change : List.of("put /otherix/two a", second)) {
            try (var etcd = EtcdProcess.start(home)) {
                etcd.etcdctl("put", "/otherix/one", "a");
                etcd.etcdctl(change.split(" "));
                var file = change.equals(second) ? others : snapshot;
                etcd.etcdctl("snapshot", "save", file.toString());
            }
        }
        var program = DrillScene.program(
                dir.resolve("etcd"), """
                if [ "$1" = --version ]; then exec %s --version; fi
                %s snapshot restore %s --data-dir other --name=drill --initial-cluster=drill=http://127.0.0.1:1 \
                    --initial-advertise-peer-urls=http://127.0.0.1:1
                exec %s "$@" --data-dir=other
                """.formatted(home.etcd(), home.dir().resolve("etcdutl"), others, home.etcd()));

        var outcome = drill().etcd(program).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(DrillScene.detail(outcome)).matches(detail.replace("VERSION", home.version()));
    }

    @Test
    void aDamagedSnapshotFails() throws Exception {
        takeSnapshot(EtcdHomes.first());
        var bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);

        var outcome = drill().etcd(EtcdHomes.first().etcd()).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(DrillScene.detail(outcome)).startsWith("otherix-20260606T031500Z.db has findings (");
    }

    @Test
    void withoutTheMemoryItIsNotStarted() throws Exception {
        takeSnapshot(EtcdHomes.first());

        var outcome = drill().etcd(EtcdHomes.first().etcd()).memory(20 << 20).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(outcome))
                .matches("not enough memory to start etcd: it needs about 64 MiB for \\d+ live keys in \\d+ rows, and"
                        + " 20 MiB are available; give this host or the control group .* more, or leave drill.etcd"
                        + " out");
    }

    @Test
    void anEmptyStoreIsServedToo() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.etcdctl("snapshot", "save", snapshot.toString());
        }
        assertThat(drill().etcd(EtcdHomes.first().etcd()).run())
                .isInstanceOfSatisfying(DrillOutcome.Passed.class, passed -> {
                    assertThat(passed.liveKeys()).isZero();
                    assertThat(passed.notes()).hasSize(1);
                });
    }

    @Test
    void aStoreThatWasRestoredWithABumpIsServedToo() throws Exception {
        var home = EtcdHomes.first();
        var before = dir.resolve("before.db");
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(60);
            etcd.etcdctl("snapshot", "save", before.toString());
        }
        var restored = home.restore(before, dir.resolve("restored"), "--bump-revision=1000000", "--mark-compacted");
        try (var etcd = EtcdProcess.builder(home).dataDir(restored).start()) {
            etcd.etcdctl("snapshot", "save", snapshot.toString());
        }

        assertThat(drill().etcd(home.etcd()).run())
                .isInstanceOfSatisfying(
                        DrillOutcome.Passed.class,
                        passed -> assertThat(passed.revision()).isGreaterThan(1_000_000));
    }
}
