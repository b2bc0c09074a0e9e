package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.verify.bolt.BoltWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file ends each command with a finding or a clear refusal, and never with an exception. */
class MutatedPastTests {

    private static final int MUTATIONS = 200;

    @TempDir
    private Path dir;

    @Test
    void aDamagedFileIsAnsweredOrRefusedInWords() throws IOException {
        var random = new Random(16);
        var good = Files.readAllBytes(WrittenPast.small().write(dir.resolve("good.db")));
        var file = dir.resolve("a.db");
        var answered = 0;
        for (var i = 0; i < MUTATIONS; i++) {
            mutate(good, random, file);
            for (var args : new String[][] {
                {"history", "--prefix", ""},
                {"history", "--prefix", "/o", "--transactions", "-o", "json"},
                {"get", "/otherix/users/ann", "-o", "json"},
                {"keys", "--rev", "13"},
                {"diff", "--from", "11", "-o", "json"}
            }) {
                var command = new String[args.length + 1];
                command[0] = args[0];
                command[1] = file.toString();
                System.arraycopy(args, 1, command, 2, args.length - 1);
                var run = OfflineScene.run(command);
                assertThat(run.exitCode())
                        .as("mutation %d, %s: %s", i, Arrays.toString(args), run.err())
                        .isIn(0, 1, 2);
                assertThat(run.err()).doesNotContain("Exception", "\tat ");
                if (run.exitCode() == 0) {
                    answered++;
                } else {
                    assertThat(run.err()).startsWith("otherix-etcd-backup: ");
                    assertThat(run.out()).isEmpty();
                }
            }
        }
        assertThat(answered).as("some change only a value").isPositive();
    }

    /** Changes bytes, some of it under a footer that fits, and cuts the file now and then. */
    private static void mutate(byte[] good, Random random, Path file) throws IOException {
        var bytes = good.clone();
        for (var i = 0; i <= random.nextInt(4); i++) {
            // in what is used of the pages
            var at = random.nextInt(bytes.length / 4096) * 4096 + random.nextInt(random.nextBoolean() ? 80 : 600);
            bytes[Math.min(at, bytes.length - 1)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
        }
        if (random.nextInt(10) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        if (bytes.length > 8192) {
            BoltWriter.sign(bytes, 0);
            BoltWriter.sign(bytes, 4096);
        }
        Files.write(file, bytes);
        if (random.nextInt(10) > 0 && bytes.length > 32) {
            BoltWriter.seal(file, bytes.length - 32);
        }
    }
}
