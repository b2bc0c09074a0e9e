package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.restore.DrillScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code drill} is killed at random moments: the next one ends the etcd that is left, and removes what is left. Seed as
 * in {@link SigkillIT}, and three kills for twenty of its.
 */
@AnyEtcd
@NeedsEtcd
@Timeout(1800)
class DrillKilledIT {

    private static final int KILLS = Math.max(3, Integer.getInteger("crash.kills", 12) * 3 / 20);
    private static final long SEED = Long.getLong("crash.seed", 17);

    @TempDir
    private Path dir;

    private Path source;
    private Path scratch;

    @BeforeEach
    void write() throws IOException {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < 2000; i++) {
            past.next().put("/otherix/things/" + i % 700, "v".repeat(9000));
        }
        source = past.write(dir.resolve("source.db"));
        scratch = Files.createDirectory(dir.resolve("scratch"));
    }

    @Test
    void whatAKilledOneLeavesIsGoneAfterTheNext() throws Exception {
        var began = System.nanoTime();
        assertThat(drill().waitFor()).isZero();
        var whole = System.nanoTime() - began;
        requireNothingLeft();

        var random = new Random(SEED);
        for (var i = 0; i < KILLS; i++) {
            var process = drill();
            TimeUnit.NANOSECONDS.sleep((long) (whole * random.nextDouble()));
            process.destroyForcibly().waitFor();
        }
        // one that prints ends with its reader
        var silent = DrillScene.program(dir.resolve("silent-etcd"), """
                if [ "$1" = --version ]; then exec %s --version; fi
                exec %s "$@" > silence 2>&1
                """.formatted(etcd(), etcd()));
        var last = drill(silent);
        await().pollInterval(Duration.ofMillis(1)).until(this::etcdRuns);
        last.destroyForcibly().waitFor();
        assertThat(etcdRuns()).as("nobody ended it").isTrue();

        assertThat(drill().waitFor()).isZero();
        requireNothingLeft();
    }

    @Test
    void oneThatIsAskedToEndLeavesNothing() throws Exception {
        var process = drill();
        await().pollInterval(Duration.ofMillis(1)).until(this::etcdRuns);

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        requireNothingLeft();
    }

    private boolean etcdRuns() throws IOException {
        return DrillScene.processes(scratch).stream()
                .anyMatch(line -> line.contains(etcd() + " --name=drill --data-dir=" + scratch));
    }

    private static Path etcd() {
        return EtcdHomes.first().etcd();
    }

    private void requireNothingLeft() throws IOException {
        assertThat(scratch).isEmptyDirectory();
        assertThat(DrillScene.processes(scratch)).isEmpty();
    }

    private Process drill() throws IOException {
        return drill(etcd());
    }

    private Process drill(Path etcd) throws IOException {
        var line = new ArrayList<>(JarProcess.java(dir));
        line.addAll(List.of("drill", source.toString(), "--etcd", etcd.toString(), "--scratch", scratch.toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
