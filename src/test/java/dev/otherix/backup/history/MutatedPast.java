package dev.otherix.backup.history;

import dev.otherix.backup.verify.bolt.BoltWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damaged copies of {@link WrittenPast#small()}, and the commands that look into one. */
public final class MutatedPast {

    private final Path good;
    private final byte[] bytes;
    private final Random random;

    /** @param good where the undamaged one is written */
    public MutatedPast(Path good, long seed) throws IOException {
        this.good = WrittenPast.small().write(good);
        this.bytes = Files.readAllBytes(good);
        this.random = new Random(seed);
    }

    /** Writes the next one: some bytes changed, mostly under a footer that fits, and now and then cut. */
    public void write(Path file) throws IOException {
        var mutated = bytes.clone();
        for (var i = 0; i <= random.nextInt(4); i++) {
            // in what is used of the pages
            var at = random.nextInt(mutated.length / 4096) * 4096 + random.nextInt(random.nextBoolean() ? 80 : 600);
            mutated[Math.min(at, mutated.length - 1)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
        }
        if (random.nextInt(10) == 0) {
            mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length));
        }
        if (mutated.length > 8192) {
            BoltWriter.sign(mutated, 0);
            BoltWriter.sign(mutated, 4096);
        }
        Files.write(file, mutated);
        if (random.nextInt(10) > 0 && mutated.length > 32) {
            BoltWriter.seal(file, mutated.length - 32);
        }
    }

    /**
     * A command line of each command.
     *
     * @param out the file that those write which write one
     */
    public List<List<String>> commands(Path file, Path out) {
        var named = file.toString();
        return List.of(
                List.of("history", named, "--prefix", ""),
                List.of("history", named, "--prefix", "/o", "--transactions", "-o", "json"),
                List.of("get", named, "/otherix/users/ann", "-o", "json"),
                List.of("keys", named, "--rev", "13"),
                List.of("diff", named, "--from", "11", "-o", "json"),
                List.of("rewind", named, "--to-revision", "13", "--out", out.toString()),
                List.of("compare", good.toString(), named),
                List.of("undo", named, "--revision", "11,14"),
                List.of("undo", named, "--from", "11", "--out", out.toString()));
    }
}
