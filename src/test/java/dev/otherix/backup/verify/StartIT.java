package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What verifies also starts: each damage of {@link StoreDamage} is restored with etcd's own tool and given to a real
 * etcd, and where that does not start there is a finding, where it starts there is none.
 */
@NeedsEtcd
@Timeout(600)
class StartIT {

    private static final int AT_ONCE = 4;

    @TempDir
    private Path dir;

    /** @param wrong what differs from what was expected, empty where nothing does */
    private record Result(String name, String wrong) {}

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void whatVerifiesStartsAndWhatDoesNotStartHasAFinding(EtcdHome home)
            throws IOException, InterruptedException, ExecutionException {
        var saved = saved(home);
        var running = new ArrayList<Future<Result>>();
        try (var starts = Executors.newFixedThreadPool(AT_ONCE)) {
            for (var damage : StoreDamage.all()) {
                var place = Files.createDirectory(dir.resolve("case-" + home.version() + "-" + running.size()));
                running.add(starts.submit(() -> compare(damage, home, saved, place)));
            }
        }
        var wrong = new ArrayList<Result>();
        for (var each : running) {
            wrong.add(each.get());
        }
        assertThat(wrong).filteredOn(result -> !result.wrong().isEmpty()).isEmpty();
    }

    private static Result compare(StoreDamage damage, EtcdHome home, Path saved, Path place) throws IOException {
        var buckets = StoredBuckets.of(saved);
        damage.change().accept(buckets);
        var file = buckets.write(place.resolve("damaged.db"));
        var why = whyItDoesNotStart(home, file, place.resolve("data"));
        var line = EtcdVersion.parse(home.version()).orElseThrow();
        try (var proof = new SnapshotVerifier()
                .verify(file, new SnapshotVerifier.Options(false, 0, SnapshotVerifier.Facts.PLAIN, line), _ -> {})) {
            var found = proof.findings().stream().map(Finding::code).distinct().toList();
            var text = new StringBuilder();
            if (why.isEmpty() == damage.keeps(home.line())) {
                text.append("etcd: ").append(why.isEmpty() ? "it starts" : why);
            }
            if (!found.equals(damage.expected(home.line()).stream().toList())) {
                text.append(" found: ").append(found);
            }
            return new Result(damage.name(), text.toString());
        }
    }

    private Path saved(EtcdHome home) {
        var saved = dir.resolve(home.version() + ".db");
        try (var etcd = EtcdProcess.start(home)) {
            var lease = etcd.etcdctl("lease", "grant", "3000").split(" ")[1];
            etcd.etcdctl("put", "leased", "x", "--lease=" + lease);
            etcd.etcdctl("put", "a", "x");
            etcd.etcdctl("role", "add", "r");
            etcd.etcdctl("role", "grant-permission", "r", "readwrite", "a", "b");
            etcd.etcdctl("user", "add", "a:a");
            etcd.etcdctl("user", "grant-role", "a", "r");
            etcd.etcdctl("snapshot", "save", saved.toString());
        }
        return saved;
    }

    /** Empty where it starts. */
    private static String whyItDoesNotStart(EtcdHome home, Path file, Path data) throws IOException {
        var restore = new ProcessBuilder(List.of(
                        home.etcdutl().toString(),
                        "snapshot",
                        "restore",
                        file.toString(),
                        "--data-dir",
                        data.toString()))
                .redirectErrorStream(true)
                .start();
        var output = new String(restore.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (restore.onExit().join().exitValue() != 0) {
            return "etcdutl: " + output;
        }
        try (var etcd = EtcdProcess.builder(home)
                .dataDir(data)
                .flags("--unsafe-no-fsync")
                .startTimeout(Duration.ofSeconds(20))
                .start()) {
            assertThat(etcd.isRunning()).isTrue();
            return "";
        } catch (IllegalStateException notStarted) {
            return "etcd: " + notStarted.getMessage();
        }
    }
}
