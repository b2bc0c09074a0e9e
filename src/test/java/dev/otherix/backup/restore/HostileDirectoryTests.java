package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Root restores below a directory of another user, who may put anything there at any time. */
@NeedsRoot
@Timeout(60)
class HostileDirectoryTests {

    private static final int THEY = 12345;
    private static final String THEIRS = THEY + ":" + THEY;

    @TempDir
    private Path dir;

    private Path snapshot;
    private Path theirs;
    private Path sentinel;
    private Map<String, String> untouched;

    @BeforeEach
    void make() throws IOException {
        snapshot = RestoreScene.snapshot(dir.resolve("a.db"));
        theirs = theirs(dir.resolve("theirs"));
        sentinel = Files.createDirectory(dir.resolve("sentinel"));
        Files.writeString(sentinel.resolve("shadow"), "root's");
        Files.createDirectory(sentinel.resolve("member"));
        untouched = RestoreScene.tree(sentinel);
    }

    private static Path theirs(Path directory) throws IOException {
        Files.createDirectory(directory);
        Files.setAttribute(directory, "unix:uid", THEY);
        Files.setAttribute(directory, "unix:gid", THEY);
        return directory;
    }

    private void link(Path at, Path to) throws IOException {
        Files.createSymbolicLink(at, to);
        Files.setAttribute(at, "unix:uid", THEY, LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void allOfItBelongsToTheOwnerOfTheDirectoryAboveAndSoDoDirectoriesThatWereMissing() throws IOException {
        var restored = RestoreScene.of(snapshot, theirs.resolve("a/b/data")).run();
        assertThat(restored.owner().map(Owner::toString)).contains(THEIRS);
        var tree = RestoreScene.tree(theirs);
        assertThat(tree)
                .containsOnlyKeys(
                        "",
                        "a",
                        "a/b",
                        "a/b/data",
                        "a/b/data/member",
                        "a/b/data/member/snap",
                        "a/b/data/member/snap/0000000000000001-0000000000000001.snap",
                        "a/b/data/member/snap/db",
                        "a/b/data/member/wal",
                        "a/b/data/member/wal/" + WriteAheadLog.NAME);
        assertThat(tree.values()).allMatch(state -> state.startsWith(THEIRS + " "));
        tree.remove("");
        assertThat(tree.values()).allMatch(state -> state.contains(" rwx------ ") || state.contains(" rw------- "));
    }

    @Test
    void linksAtTheNamesAreRefusedAndNotFollowed() throws IOException {
        for (var name : List.of("data", "data.restoring")) {
            for (var to : List.of(sentinel, sentinel.resolve("shadow"), dir.resolve("nowhere"))) {
                var planted = theirs.resolve(name);
                link(planted, to);
                var before = RestoreScene.tree(theirs);
                assertThat(RestoreScene.of(snapshot, theirs.resolve("data"))
                                .moveOldAside()
                                .refusal())
                        .hasValueSatisfying(why -> assertThat(why)
                                .contains(planted.toString())
                                .containsPattern("is a link to |is no directory")
                                .doesNotContain("/proc/"));
                assertThat(RestoreScene.tree(theirs)).isEqualTo(before);
                Files.delete(planted);
            }
        }
        untouched();
    }

    @Test
    void aLinkAboveThatTheyCanReplaceIsRefusedAndOneOfRootIsFollowed() throws IOException {
        link(theirs.resolve("store"), sentinel);
        assertThat(RestoreScene.of(snapshot, theirs.resolve("store/data")).refusal())
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo(theirs.resolve("store") + " is a link that another user can replace at any time\n"
                                + "Name the directory itself, without the link: " + sentinel));
        assertThat(RestoreScene.of(snapshot, theirs.resolve("data"))
                        .caDirectory(theirs.resolve("store"))
                        .refusal())
                .hasValueSatisfying(why -> assertThat(why).contains("is a link that another user can replace"));
        assertThat(theirs.resolve("data")).doesNotExist();
        untouched();

        Files.createSymbolicLink(dir.resolve("ours"), Path.of("theirs/../theirs"));
        RestoreScene.of(snapshot, dir.resolve("ours/data")).run();
        assertThat(theirs.resolve("data/member")).isDirectory();
    }

    @Test
    void whatIsPutInThePlaceOfTheDirectoryBetweenTwoStepsIsNotFollowed() throws IOException {
        var building = theirs.resolve("data.restoring");
        var away = theirs.resolve("away");
        var scene = RestoreScene.of(snapshot, theirs.resolve("data"));
        RestoreScene.Step swap = () -> {
            Files.move(building, away);
            link(building, sentinel);
        };
        for (var hostile : List.of(
                scene.beforeCopy(swap),
                RestoreScene.of(snapshot, theirs.resolve("data")).beforeProof(swap))) {
            assertThat(hostile.refusal())
                    .hasValueSatisfying(why ->
                            assertThat(why).contains("another program replaced " + building + " while it was built"));
            assertThat(theirs.resolve("data")).doesNotExist();
            assertThat(building).isSymbolicLink();
            untouched();
            Files.delete(building);
            Command.of("rm", "-r", away.toString()).output();
        }
    }

    @Test
    void noLinkLeadsOutWhileTheyKeepReplacingTheDirectoriesAndAllThatIsSeenIsClosed() throws Exception {
        var inner = theirs(theirs.resolve("inner"));
        var ca = theirs(inner.resolve("ca"));
        var data = inner.resolve("data");
        var restored = 0;
        var runs = 0;
        try (var _ = Swapper.of(data.resolveSibling("data.restoring"), sentinel, 5000);
                var _ = Swapper.of(ca.resolve("cluster-ca.restoring"), sentinel, 500);
                var _ = Swapper.of(inner, sentinel, 50_000);
                var watch = ModeWatch.of(theirs, data, THEIRS)) {
            var end = System.nanoTime() + 6_000_000_000L;
            while (System.nanoTime() < end) {
                var refused = RestoreScene.of(snapshot, data)
                        .caDirectory(ca)
                        .moveOldAside()
                        .refusal();
                runs++;
                restored += refused.isEmpty() ? 1 : 0;
                refused.ifPresent(why -> assertThat(why).doesNotContain("/proc/"));
                untouched();
            }
            assertThat(watch.seen()).isNotEmpty();
            assertThat(watch.wrong()).isEmpty();
        }
        untouched();
        System.out.println("restored " + restored + " of " + runs + " times between the links");
    }

    private void untouched() {
        assertThat(RestoreScene.tree(sentinel)).isEqualTo(untouched);
    }

    @Test
    @NeedsProgram("mkfifo")
    void whatIsPlantedInTheDirectoryOfTheCaIsMovedAsideOrRemovedAndNotFollowed() throws IOException {
        var ca = theirs(theirs.resolve("ca"));
        link(ca.resolve("cluster-ca.crt"), sentinel.resolve("shadow"));
        Command.of("mkfifo", ca.resolve("cluster-ca.key").toString()).output();
        link(ca.resolve("cluster-ca.restoring"), sentinel);
        link(ca.resolve("cluster-ca.crt.restoring"), sentinel.resolve("shadow"));
        var restored = RestoreScene.of(snapshot, theirs.resolve("data"))
                .caDirectory(ca)
                .run();
        assertThat(restored.notes()).contains("placed " + ca.resolve("cluster-ca.key"));
        var tree = new TreeMap<>(RestoreScene.tree(ca));
        assertThat(tree.keySet().stream().map(name -> name.replaceFirst("\\.\\d{8}T\\d{6}Z$", ".TIME")))
                .containsExactly(
                        "",
                        "cluster-ca.crt",
                        "cluster-ca.crt.TIME",
                        "cluster-ca.crt.restoring",
                        "cluster-ca.key",
                        "cluster-ca.key.TIME");
        assertThat(ca.resolve("cluster-ca.crt")).hasContent(RestoreScene.CA.certificatePem());
        assertThat(ca.resolve("cluster-ca.key")).hasContent(RestoreScene.CA.keyPem());
        assertThat(tree.get("cluster-ca.crt")).startsWith(THEIRS + " rw------- ");
        assertThat(tree.get("cluster-ca.key")).startsWith(THEIRS + " rw------- ");
        untouched();
    }

    @Test
    @NeedsProgram("mkfifo")
    void aLogThatIsNoFileDoesNotStopTheRestore() throws IOException {
        var wal = Files.createDirectories(theirs.resolve("data/member/wal"));
        Command.of("mkfifo", wal.resolve("a.wal").toString()).output();
        link(wal.resolve("b.wal"), sentinel.resolve("shadow"));
        assertThat(RestoreScene.of(snapshot, theirs.resolve("data"))
                        .moveOldAside()
                        .refusal())
                .isEmpty();
        untouched();
    }
}
