package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.MemoryGroup;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drills where 200 MiB of memory are all there is: one that fits passes, and one that does not is not begun. */
@AnyEtcd
@NeedsEtcd
@NeedsRoot
@Timeout(600)
class DrillMemoryIT {

    private static final int MANY = 400_000;

    @TempDir
    private Path dir;

    @Test
    void fewKeysAreServedAndManyAreRefused() throws Exception {
        try (var group = MemoryGroup.limitedTo(200 << 20)) {
            var few = drill(group, 2000);
            assertThat(few.exitCode()).as(few.errors()).isZero();
            assertThat(few.output()).contains("2000 live keys", "served the same keys");

            var many = drill(group, MANY);
            assertThat(many.exitCode()).isEqualTo(1);
            assertThat(many.errors())
                    .contains("not enough memory to start etcd: it needs about ", MANY + " live keys", "MemoryMax")
                    .contains("This says nothing about the snapshot.");
        }
        assertThat(dir.resolve("scratch")).isEmptyDirectory();
    }

    private Command.Result drill(MemoryGroup group, int keys) throws Exception {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < keys; i++) {
            past.next().put("/otherix/things/" + i, "v".repeat(100));
        }
        var source = past.write(dir.resolve(keys + ".db"));
        var scratch = Files.createDirectories(dir.resolve("scratch"));
        var line = new ArrayList<>(List.of(
                "sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", group.processes().toString()));
        line.addAll(JarProcess.java(dir));
        line.addAll(List.of(
                "drill",
                source.toString(),
                "--etcd",
                EtcdHomes.first().etcd().toString(),
                "--scratch",
                scratch.toString()));
        return new Command(line, Map.of(), Duration.ofMinutes(5)).run();
    }
}
