package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.HostileArchives;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StoredSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files beside a copy come back, or none of them does. */
class OffsiteFetchFilesTests {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String STAMP = "20260606T031500Z";
    private static final String NAME = "otherix-" + STAMP + ".db";

    private final LyingStore store = new LyingStore();
    private StoredSample sample;
    private Path out = Path.of("");
    private Path files = Path.of("");
    private Path identity = Path.of("");

    @BeforeEach
    void putACopy(@TempDir Path temporary) throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
        files = out.resolve("files");
        identity = KEY.write(temporary.resolve("identity.txt"));
        sample = new StoredSample(WrittenPast.small().write(temporary.resolve("snapshot")), STAMP).forKeys(KEY);
        sample.putInto(store);
    }

    private OfflineScene fetch(String... more) {
        var all = new ArrayList<>(List.of("offsite", "fetch", NAME, "--out", out.toString()));
        all.addAll(List.of("--files", files.toString(), "--identity", identity.toString()));
        all.addAll(Arrays.asList(more));
        return new OffsiteScreen(store).run(all.toArray(String[]::new));
    }

    private List<String> left() throws IOException {
        try (var found = Files.walk(out)) {
            return found.filter(file -> !file.equals(out))
                    .map(file -> out.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private void refusedWith(OfflineScene run, String... said) throws IOException {
        assertThat(run.err()).contains(said);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(left()).isEmpty();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void theFilesComeToADirectoryThatOnlyThisUserMayEnter() throws IOException {
        var when = Instant.parse("2026-03-04T05:06:07Z");
        sample.putFiles(
                store,
                HostileArchives.of("etc/otherix/api.yaml", "secret", when, "etc/otherix/api.env", "", Instant.EPOCH));

        var run = fetch();

        assertThat(run.out()).isEqualTo(out.resolve(NAME) + System.lineSeparator());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains("the files beside it are in " + files + ": etc/otherix/api.yaml, etc/otherix/api.env")
                .doesNotContain("secret");
        assertThat(files.resolve("etc/otherix/api.yaml")).hasContent("secret");
        assertThat(files.resolve("etc/otherix/api.env")).isEmptyFile();
        assertThat(Files.getLastModifiedTime(files.resolve("etc/otherix/api.yaml"))
                        .toInstant())
                .isEqualTo(when);
        assertThat(mode(files.resolve("etc/otherix/api.yaml"))).isEqualTo("rw-------");
        for (var directory : List.of("", "etc", "etc/otherix")) {
            assertThat(mode(files.resolve(directory))).isEqualTo("rwx------");
        }
        assertThat(left())
                .containsExactly(
                        "files",
                        "files/etc",
                        "files/etc/otherix",
                        "files/etc/otherix/api.env",
                        "files/etc/otherix/api.yaml",
                        NAME,
                        NAME.replace(".db", ".json"));
    }

    @Test
    void namesThatAreLongOrNotAsciiComeBackAsTheyWere() throws IOException {
        var name = "d".repeat(255) + "/" + "ü".repeat(100) + "/ключ/" + "f".repeat(255);
        sample.putFiles(store, HostileArchives.of(name, "x", Instant.EPOCH));
        assertThat(fetch().exitCode()).isZero();
        assertThat(files.resolve(name)).hasContent("x");
    }

    @Test
    void withoutFilesThereNothingIsFetchedAndItIsSaid() throws IOException {
        refusedWith(fetch(), "no files lie beside " + NAME + ": the store has no ", "Leave --files out.");
    }

    @Test
    void whatIsInTheWayIsLeftAsItIs() throws IOException {
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
        var before = store.readers();
        Files.createDirectory(files);
        Files.writeString(files.resolve("mine"), "mine");

        var run = fetch();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(files + " is not empty: it has mine", "Nothing is overwritten");
        assertThat(left()).containsExactly("files", "files/mine");
        assertThat(files.resolve("mine")).hasContent("mine");

        Files.delete(files.resolve("mine"));
        assertThat(fetch().exitCode()).as("an empty one is none").isZero();
        assertThat(before).isLessThan(store.readers());
    }

    @Test
    void noLinkIsFollowed(@TempDir Path elsewhere) throws IOException {
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
        Files.createSymbolicLink(files, elsewhere);
        var run = fetch();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(files + " is there, and is no directory, but a link");
        assertThat(elsewhere).isEmptyDirectory();

        Files.delete(files);
        Files.createSymbolicLink(out.resolve(".files.unfinished"), elsewhere);
        assertThat(fetch().err())
                .contains(".files.unfinished is there: another command is writing it, or one was killed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aSnapshotThatIsNotProvenLeavesNoFilesEither() throws IOException {
        sample.changingTheObject(bytes -> {
            var changed = bytes.clone();
            changed[bytes.length - 1] ^= 1;
            return changed;
        });
        sample.putInto(store);
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
        refusedWith(fetch(), "was changed");
    }

    @Test
    void theSnapshotAndTheFilesNeedTwoPlaces() throws IOException {
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
        files = out;
        var run = fetch();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--files and --out name the same directory");
        assertThat(left()).isEmpty();
    }

    @Test
    void withTheWrongIdentityNothingIsLeft() throws IOException {
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
        AgeKey.generate().write(identity);
        refusedWith(fetch(), "the files beside " + NAME + " are not written: none of the identities opens them");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.otherix.backup.offsite.HostileArchives#all")
    void anArchiveThatNoServiceWroteIsRefusedWhole(String what, byte[] archive, String said) throws IOException {
        sample.putFiles(store, archive);
        refusedWith(fetch(), said);
    }

    @Test
    void aMutatedArchiveGivesOnlyFilesBelowTheDirectoryOrNone(@TempDir Path temporary) throws IOException {
        var outside = Files.writeString(temporary.resolve("outside"), "untouched");
        var archives = HostileArchives.mutated(40);
        int refused = 0;
        for (var archive : archives) {
            sample.putFiles(store, archive);
            var run = fetch();
            assertThat(run.exitCode()).as(run.err()).isBetween(0, 1);
            if (run.exitCode() == 1) {
                assertThat(left()).isEmpty();
                refused++;
            } else {
                assertThat(left()).allMatch(file -> file.startsWith("files") || file.startsWith("otherix-"));
                org.springframework.util.FileSystemUtils.deleteRecursively(files);
                Files.delete(out.resolve(NAME));
                Files.delete(out.resolve(NAME.replace(".db", ".json")));
            }
        }
        assertThat(refused).isPositive().isLessThan(archives.size());
        assertThat(outside).hasContent("untouched");
    }
}
