package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that somebody removes, renames, makes longer or shorter while a command reads it. */
class ChangingSourceTests {

    private static final int REVISIONS = 3000;

    @TempDir
    private Path dir;

    /** What happens to the file. */
    private enum Trouble {
        REMOVED {
            @Override
            void happen(Path file) throws IOException {
                Files.delete(file);
            }
        },
        RENAMED {
            @Override
            void happen(Path file) throws IOException {
                Files.move(file, file.resolveSibling("a.db.corrupt"), StandardCopyOption.REPLACE_EXISTING);
            }
        },
        LONGER {
            @Override
            void happen(Path file) throws IOException {
                Files.write(file, new byte[100_000], StandardOpenOption.APPEND);
            }
        },
        SHORTER {
            @Override
            void happen(Path file) throws IOException {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
        };

        abstract void happen(Path file) throws IOException;
    }

    @Test
    void theAnswerIsThatOfTheWholeFileOrARefusal() throws Exception {
        var past = new WrittenPast().compacted(1);
        for (var i = 1; i < REVISIONS; i++) {
            past.next().put("/otherix/things/" + i % 700, i + "v".repeat(1500));
        }
        var good = past.write(dir.resolve("good.db"));
        var file = dir.resolve("a.db");
        var out = dir.resolve("out.db");
        var random = new Random(16);
        var refused = 0;
        for (var command : List.of(
                List.of("history", file.toString(), "--prefix", ""),
                List.of("get", file.toString(), "/otherix/things/7"),
                List.of("keys", file.toString(), "--rev", "2500"),
                List.of("diff", file.toString(), "--from", "2000"),
                List.of("rewind", file.toString(), "--to-revision", "2500", "--out", out.toString()),
                List.of("compare", good.toString(), file.toString()),
                List.of("undo", file.toString(), "--from", "2900", "--out", out.toString()))) {
            Files.copy(good, file, StandardCopyOption.REPLACE_EXISTING);
            var began = System.nanoTime();
            var whole = answer(command, out);
            var took = System.nanoTime() - began;
            assertThat(whole.exitCode()).as(whole.err()).isZero();
            for (var trouble : Trouble.values()) {
                Files.copy(good, file, StandardCopyOption.REPLACE_EXISTING);
                var later =
                        CompletableFuture.delayedExecutor((long) (took * random.nextDouble()), TimeUnit.NANOSECONDS);
                var happened = CompletableFuture.runAsync(() -> happen(trouble, file), later);
                var run = answer(command, out);
                happened.join();
                if (run.exitCode() == 0) {
                    assertThat(run.same(whole)).as("%s, %s", command, trouble).isTrue();
                } else {
                    refused++;
                    assertThat(run.exitCode()).isIn(1, 2);
                    assertThat(run.err()).startsWith("otherix-etcd-backup: ").doesNotContain("Exception", "\tat ");
                    assertThat(run.written()).isEmpty();
                }
            }
        }
        assertThat(refused).as("a shorter file is found").isPositive();
    }

    private static void happen(Trouble trouble, Path file) {
        try {
            trouble.happen(file);
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    /** What a command answered, and the file that it wrote. */
    private record Answer(int exitCode, String out, byte[] bytes, String err, byte[] written) {

        boolean same(Answer other) {
            return out.equals(other.out) && Arrays.equals(bytes, other.bytes) && Arrays.equals(written, other.written);
        }
    }

    private static Answer answer(List<String> command, Path out) throws IOException {
        var run = OfflineScene.run(command.toArray(String[]::new));
        var written = Files.exists(out) ? Files.readAllBytes(out) : new byte[0];
        Files.deleteIfExists(out);
        Files.deleteIfExists(out.resolveSibling("out.json"));
        return new Answer(run.exitCode(), run.out(), run.bytes(), run.err(), written);
    }
}
