package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What the page on other tools says: they take the directory of snapshots, and what comes back is good. */
@NeedsEtcd
@AnyEtcd
@TestInstance(Lifecycle.PER_CLASS)
class OtherToolsIT {

    private static final Runbook PAGE = new Runbook(Path.of("src/site/markdown/other-tools.md"));

    private Path temporary;
    private Path dir;

    @BeforeAll
    void takeSnapshots(@TempDir Path shared) throws IOException {
        temporary = shared;
        dir = shared.resolve("snapshots");
        try (var member = EtcdProcess.start(EtcdHomes.first())) {
            var _ = LostState.of(member, dir);
        }
        // what is no snapshot
        for (var other : List.of(".otherix-20260606T031500Z.db.tmp", "otherix-20260606T031500Z.db.rejected")) {
            Files.writeString(dir.resolve(other), "not to be taken");
        }
    }

    @Test
    @NeedsProgram("restic")
    void resticTakesThemAndBringsThemBack() throws IOException {
        var password = Files.writeString(temporary.resolve("password"), "of a test");
        var repository = temporary.resolve("repository");
        var cache = Map.of("RESTIC_CACHE_DIR", temporary.resolve("cache").toString());
        var store = Map.of("REPOSITORY", repository, "PASSWORD", password);
        var out = temporary.resolve("from-restic");
        run("other-restic-init", store, cache);

        run("other-restic", with(store, "DIR", dir), cache);
        run("other-restic-back", with(store, "OUT", out), cache);

        assertSame(out);
    }

    @Test
    @NeedsProgram("rclone")
    void rcloneTakesThemAndBringsThemBack() throws IOException {
        // the password as "rclone obscure" prints it
        var remote = Map.of(
                "RCLONE_CONFIG",
                temporary.resolve("rclone.conf").toString(),
                "RCLONE_CONFIG_ENCRYPTED_TYPE",
                "crypt",
                "RCLONE_CONFIG_ENCRYPTED_REMOTE",
                temporary.resolve("bucket").toString(),
                "RCLONE_CONFIG_ENCRYPTED_PASSWORD",
                "3_ZJmMxPDB9bdhg1_GZUFyUlVjji6jkG-A");
        var out = temporary.resolve("from-rclone");

        run("other-rclone", Map.of("REMOTE", "encrypted:", "DIR", dir), remote);
        run("other-rclone-back", Map.of("REMOTE", "encrypted:", "OUT", out), remote);

        assertSame(out);
    }

    private void run(String block, Map<String, ?> variables, Map<String, String> environment) {
        var run = PAGE.run(block, EtcdHomes.first(), variables, environment);

        assertThat(run.exitCode()).as(() -> run.output() + run.errors()).isZero();
    }

    private static Map<String, Path> with(Map<String, Path> store, String variable, Path value) {
        var all = new HashMap<>(store);
        all.put(variable, value);
        return all;
    }

    private void assertSame(Path out) throws IOException {
        try (var back = Files.list(out);
                var here = Files.list(dir)) {
            var wanted = here.filter(file -> file.getFileName().toString().matches("otherix-.*\\.(db|json)"))
                    .toList();
            assertThat(back).hasSameSizeAs(wanted);
            assertThat(wanted)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(
                            file -> assertThat(out.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
    }
}
