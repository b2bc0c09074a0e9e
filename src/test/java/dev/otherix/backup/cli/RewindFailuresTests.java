package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong around a rewind: a full disk, a source that cannot be written to, and damaged sources. */
class RewindFailuresTests {

    private static final int MUTATIONS = Integer.getInteger("mutations", 150);

    @TempDir
    private Path dir;

    private static WrittenPast past(int transactions) {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < transactions; i++) {
            past.next().put("/otherix/things/" + i % 50, "v".repeat(i * 37 % 5000));
        }
        return past;
    }

    @Test
    @NeedsTmpfs
    void aDiskThatGetsFullAtAnyWriteLeavesNothing() throws IOException {
        var source = past(1500).write(dir.resolve("source.db"));
        var fits = dir.resolve("fits.db");
        assertThat(OfflineScene.run("rewind", source.toString(), "--to-revision", "1500", "--out", fits.toString())
                        .exitCode())
                .isZero();
        var whole = Files.size(fits);
        try (var disk = Tmpfs.mount(8)) {
            var filler = disk.directory().resolve("filler");
            // from no room at all to nearly enough
            for (var room = 0L; room < whole - (8 << 10); room += whole / 14) {
                Files.write(filler, new byte[Math.toIntExact((8L << 20) - room)]);
                var target = disk.directory().resolve("new.db");
                var run = OfflineScene.run(
                        "rewind", source.toString(), "--to-revision", "1500", "--out", target.toString());
                assertThat(run.exitCode())
                        .as("%d bytes of room: %s", room, run.err())
                        .isEqualTo(1);
                assertThat(run.err()).contains("cannot write " + target, "No space left on device");
                assertThat(names(disk.directory())).containsExactly("filler");
            }
        }
    }

    @Test
    @NeedsTmpfs
    void aSourceOnAReadOnlyFileSystemIsReadAsAnyOther() throws IOException {
        try (var disk = Tmpfs.mount(8)) {
            var source = WrittenPast.small().write(disk.directory().resolve("a.db"));
            Command.of("mount", "-o", "remount,ro", disk.directory().toString()).output();
            var made = dir.resolve("new.db");
            assertThat(OfflineScene.run("rewind", source.toString(), "--to-revision", "12", "--out", made.toString())
                            .exitCode())
                    .isZero();
            assertThat(OfflineScene.run("history", source.toString(), "--prefix", "")
                            .exitCode())
                    .isZero();
            assertThat(OfflineScene.run("compare", source.toString(), made.toString())
                            .exitCode())
                    .isZero();
            var refused = OfflineScene.run(
                    "rewind",
                    source.toString(),
                    "--to-revision",
                    "12",
                    "--out",
                    disk.directory().resolve("new.db").toString());
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("Read-only file system");
        }
    }

    @Test
    void aDamagedSourceIsRefusedOrChangesNothingThatCounts() throws IOException {
        var good = WrittenPast.small().write(dir.resolve("good.db"));
        var bytes = Files.readAllBytes(good);
        var random = new Random(16);
        var refused = 0;
        for (var i = 0; i < MUTATIONS; i++) {
            var mutated = bytes.clone();
            for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            }
            // without the footer, which would find every one of them
            var raw = random.nextBoolean();
            var source =
                    Files.write(dir.resolve("mutated.db"), raw ? Arrays.copyOf(mutated, mutated.length - 32) : mutated);
            var target = dir.resolve("new.db");
            var args = new ArrayList<>(
                    List.of("rewind", source.toString(), "--to-revision", "13", "--out", target.toString()));
            if (raw) {
                args.add("--raw");
            }
            var run = OfflineScene.run(args.toArray(String[]::new));
            assertThat(run.exitCode()).as(run.err()).isIn(0, 1, 2);
            assertThat(run.err()).doesNotContain("\tat ");
            if (run.exitCode() == 0) {
                assertThat(raw).as("the footer finds each change").isTrue();
                assertThat(OfflineScene.run("verify", target.toString()).exitCode())
                        .isZero();
                Files.delete(target);
                Files.delete(dir.resolve("new.json"));
            } else {
                refused++;
            }
            assertThat(names(dir)).containsExactly("good.db", "mutated.db");
            var compared = OfflineScene.run("compare", good.toString(), source.toString());
            assertThat(compared.exitCode()).as(compared.err()).isIn(1, 2);
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 3);
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
