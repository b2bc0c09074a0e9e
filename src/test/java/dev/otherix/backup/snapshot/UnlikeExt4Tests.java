package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.BoltWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real directory in a process whose system calls answer as those of other file systems do. */
@NeedsProgram("gcc")
class UnlikeExt4Tests {

    private static final String ALL = "newest second, then first; after a delete second; snapshot verified\n";

    @TempDir
    private static Path built;

    @TempDir
    private Path parent;

    @BeforeAll
    static void build() throws Exception {
        var source = built.resolve("unlike-ext4.c");
        try (var in = UnlikeExt4Tests.class.getResourceAsStream("/snapshot/unlike-ext4.c")) {
            Files.copy(in, source);
        }
        var gcc = new ProcessBuilder(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-O1",
                        "-o",
                        built.resolve("unlike-ext4.so").toString(),
                        source.toString(),
                        "-ldl")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(gcc.getInputStream().readAllBytes())).isEmpty();
        assertThat(gcc.waitFor()).isZero();
    }

    @Test
    void anOrdinaryFileSystemIsNotRemarkedOn() throws Exception {
        assertThat(use("ordinary")).isEqualTo(ALL);
    }

    @Test
    void aDirectoryThatCannotBeSyncedIsUsedAndSaid() throws Exception {
        assertThat(use("directory-sync-invalid"))
                .isEqualTo("remark: the file system of " + parent + "/snapshots does not sync directories"
                        + " (Invalid argument): after a power failure the newest snapshot may be missing\n" + ALL);
    }

    @Test
    void aDirectoryWhoseSyncFailsIsRefused() throws Exception {
        assertThat(use("directory-sync-fails"))
                .isEqualTo("BROKEN: opening the snapshot directory: Input/output error" + ofSnapshots());
    }

    @Test
    void filesThatCannotBeSyncedAreRefused() throws Exception {
        assertThat(use("file-sync-invalid"))
                .isEqualTo("BROKEN: the file system of the snapshot directory does not sync files (Invalid argument),"
                        + " so a snapshot there would not survive a power failure" + ofSnapshots());
    }

    @Test
    void spaceOfNoBlocksIsUnknownAndRefusesNothing() throws Exception {
        assertThat(use("no-blocks"))
                .isEqualTo("remark: the file system of " + parent + "/snapshots does not say how much space it has:"
                        + " directory.reserve is not kept free, and a run that does not fit fails when the disk is full\n"
                        + ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link-exists", "link-fails", "links-unknown", "time-stands"})
    void aLinkThatWasMadeCountsAndOwnChangesAreSeen(String unlike) throws Exception {
        assertThat(use(unlike)).isEqualTo(ALL);
    }

    @Test
    void aFileThatCannotBeMappedIsRead() throws Exception {
        assertThat(use("no-mapping"))
                .isEqualTo("remark: the file system of " + parent
                        + "/snapshots does not map files (No such device): snapshots"
                        + " are read instead, which takes a little longer\n" + ALL);
    }

    @Test
    void filesThatOthersCouldReadAreRefusedUnlessADirectoryAboveIsClosed() throws Exception {
        assertThat(use("modes-ignored"))
                .startsWith("remark: the file system of " + parent + "/snapshots ignores file modes; other users are"
                        + " kept out by the mode of " + parent + "/snapshots alone\n")
                .endsWith(ALL);
        Files.setPosixFilePermissions(parent.resolve("snapshots"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(use("modes-ignored"))
                .isEqualTo("EXPOSED: the file system of the snapshot directory ignores file modes: a new file there"
                        + " can be read by other users, and a snapshot holds the cluster CA's private key"
                        + ofSnapshots());
    }

    private String ofSnapshots() {
        return " (directory " + parent.resolve("snapshots") + ")\n";
    }

    private String use(String unlike) throws Exception {
        var java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        User.class.getName(),
                        parent.resolve("snapshots").toString())
                .redirectErrorStream(true);
        java.environment().put("LD_PRELOAD", built.resolve("unlike-ext4.so").toString());
        java.environment().put("UNLIKE", unlike);
        java.environment().put("UNLIKE_DIR", parent.resolve("snapshots").toString());
        java.environment().put("LC_ALL", "C.UTF-8");
        var process = java.start();
        var said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    /** Does in another process what a service does in a directory. */
    static final class User {

        private User() {}

        public static void main(String[] path) throws IOException {
            try (var directory = SnapshotDirectory.open(Path.of(path[0]), null)) {
                directory.remarks().forEach(remark -> System.out.println("remark: " + remark));
                use(directory);
            } catch (DirectoryFailure failure) {
                System.out.println(failure.reason() + ": " + failure.getMessage());
            }
        }

        private static void use(SnapshotDirectory directory) throws IOException {
            directory.space().require(1000);
            var first = Sample.at(1).commitTo(directory);
            var second = Sample.at(2).commitTo(directory);
            var next = directory.nextName(second.name().second());
            var both = directory.list().equals(List.of(second, first))
                    && directory.movements().foreignArrival().isEmpty();
            directory.delete(first.name());
            var one = directory.list().equals(List.of(second))
                    && directory.movements().vanished() == 0;
            directory.delete(second.name());
            var ascends = next.compareTo(second.name()) > 0;
            var file = BoltWriter.snapshot(
                    directory.path().resolve("any.db"),
                    4096,
                    new TreeMap<>(Map.of("key", List.of(), "meta", List.of())));
            try (var proof = new SnapshotVerifier().verify(file, SnapshotVerifier.Options.PLAIN, _ -> {})) {
                System.out.println(
                        both && one && ascends && Sample.files(directory.path()).size() == 1
                                ? "newest second, then first; after a delete second; snapshot "
                                        + (proof.good() ? "verified" : proof.findings())
                                : both + " " + one + " " + ascends + " " + Sample.files(directory.path()));
            }
            Files.delete(file);
        }
    }
}
