package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that sort where the disk for temporary files gets full. */
class FullScratchTests {

    private static final int MEGABYTES = 40;

    @TempDir
    private Path dir;

    @Test
    @NeedsTmpfs
    void aDiskThatGetsFullWhileKeysAreSortedIsNamedAndLeftEmpty() throws IOException {
        var past = new WrittenPast().compacted(1);
        // more than fits into memory, twice
        var long200 = "/otherix/things/" + "x".repeat(184);
        for (var i = 0; i < 50_000; i++) {
            past.next().put(long200 + i * 7919L % 50_000, "v");
        }
        var source = past.write(dir.resolve("a.db")).toString();
        try (var disk = Tmpfs.mount(MEGABYTES)) {
            var scratch = disk.directory();
            for (var command : List.of(
                    List.of("keys", source, "--scratch", scratch.toString()),
                    List.of("diff", source, "--from", "1", "--scratch", scratch.toString()))) {
                var run = OfflineScene.run(command.toArray(String[]::new));
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(run.out().lines().filter(line -> line.contains(long200)))
                        .hasSize(50_000);
                for (var room : List.of(0, 1 << 20, 6 << 20)) {
                    var filler = Files.write(scratch.resolve("filler"), new byte[(MEGABYTES << 20) - room]);
                    run = OfflineScene.run(command.toArray(String[]::new));
                    assertThat(run.exitCode())
                            .as("%s with %d bytes", command, room)
                            .isEqualTo(1);
                    assertThat(run.err())
                            .contains(
                                    "cannot sort in temporary files in " + scratch + ": No space left on device",
                                    "--scratch DIR");
                    assertThat(run.out()).isEmpty();
                    assertThat(scratch).isDirectoryContaining("glob:**/filler");
                    Files.delete(filler);
                    assertThat(scratch).isEmptyDirectory();
                }
            }
        }
    }
}
