package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Files that travel beside a copy: in which order, and what happens without one of them. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CopyWithFilesTests {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");
    private static final String FOLDER = "backups/ca-0123456789abcdef/" + Scene.MEMBER + "/";
    private static final String OBJECT = FOLDER + "otherix-20260610T110000Z.db.gz.age";
    private static final String FILES = FOLDER + "otherix-20260610T110000Z.files.tar.gz.age";
    private static final String RECORD = FOLDER + "otherix-20260610T110000Z.json";
    private static final String SECRET = "secret: do-not-log-me";

    @TempDir
    private Path temporary;

    private final AgeKey key = AgeKey.generate();
    private final MemoryStore store = new MemoryStore(Target.S3);
    private Path etc;
    private Scene scene;
    private Offsite offsite;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(temporary.resolve("snapshots"));
        etc = Files.createDirectory(temporary.resolve("etc"));
    }

    @AfterEach
    void close() {
        store.watch(_ -> {});
        scene.close();
    }

    private Path file(String name) throws IOException {
        return Files.writeString(etc.resolve(name), SECRET);
    }

    private void copyingWith(Path... files) {
        offsite = scene.copyingTo(Scene.including(key.recipient(), files), store);
    }

    private OffsiteStatus.OfTarget status() {
        return offsite.status().targets().getFirst();
    }

    private void becomesCopied(Snapshot snapshot) {
        await().until(() -> {
            scene.nanos.advance(Duration.ofMinutes(15));
            offsite.tick();
            return scene.now(snapshot)
                    .copy(Target.S3)
                    .filter(copy -> copy.state() == Copy.State.COPIED)
                    .isPresent();
        });
    }

    private List<IncludedFile> there(String files) throws IOException, GeneralSecurityException {
        var identities = Identities.read(
                List.of(key.write(temporary.resolve("identity.txt")).toString()),
                new ByteArrayInputStream(new byte[0]));
        var found = new ArrayList<IncludedFile>();
        try (var plain = new GZIPInputStream(
                identities.opened(new ByteArrayInputStream(store.objects().get(files))))) {
            FileArchive.read(plain, found::add);
        }
        return found;
    }

    @Test
    void theFilesComeBetweenTheProofOfTheObjectAndTheRecordAndAreReadBackToo() throws Exception {
        var steps = new CopyOnWriteArrayList<String>();
        store.watch(steps::add);
        var longest = Files.createDirectories(etc.resolve("d".repeat(200)).resolve("e".repeat(200)))
                .resolve("f".repeat(255));
        Files.writeString(longest, "long");
        var when = Instant.parse("2026-03-04T05:06:07.123456789Z");
        var api = Files.setLastModifiedTime(file("api.yaml"), FileTime.from(when));
        copyingWith(api, file("übung-ключ.env"), longest, Files.createFile(etc.resolve("empty")));

        becomesCopied(scene.taken(NOON));

        assertThat(steps.stream().filter(step -> step.matches("(complete|read|put) .*otherix-.*")))
                .startsWith(
                        "complete " + OBJECT, "read " + OBJECT, "complete " + FILES, "read " + FILES, "put " + RECORD);
        assertThat(there(FILES))
                .extracting(IncludedFile::name, file -> new String(file.content(), StandardCharsets.UTF_8))
                .containsExactly(
                        tuple(etc.toString().substring(1) + "/api.yaml", SECRET),
                        tuple(etc.toString().substring(1) + "/übung-ключ.env", SECRET),
                        tuple(longest.toString().substring(1), "long"),
                        tuple(etc.toString().substring(1) + "/empty", ""));
        assertThat(there(FILES).getFirst().modifiedAt()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(store.uploads()).isEmpty();
        assertThat(scene.notes().now().uploads()).isEmpty();
    }

    @Test
    void filesAreReadAsTheyAreAtEachCopy() throws Exception {
        var api = file("api.yaml");
        copyingWith(api);
        becomesCopied(scene.taken(NOON));
        Files.writeString(api, "changed");
        becomesCopied(scene.taken(NOON.plusSeconds(60)));

        assertThat(there(FILES).getFirst().content()).asString().isEqualTo(SECRET);
        assertThat(there(FOLDER + "otherix-20260610T110100Z.files.tar.gz.age")
                        .getFirst()
                        .content())
                .asString()
                .isEqualTo("changed");
    }

    @Test
    void withoutAFileTheCopyIsMadeAllTheSameAndTheLackIsReportedOnce(CapturedOutput output) throws Exception {
        var pipe = etc.resolve("pipe");
        Command.of("mkfifo", pipe.toString()).output();
        var large = Files.write(etc.resolve("large"), new byte[(1 << 20) + 1]);
        var largest = Files.write(etc.resolve("largest"), new byte[1 << 20]);
        var late = etc.resolve("late.yaml");
        copyingWith(
                late, etc, pipe, large, Path.of("/dev/zero"), file("api.yaml").resolve("x"), largest);

        becomesCopied(scene.taken(NOON));

        assertThat(there(FILES))
                .singleElement()
                .satisfies(file -> assertThat(file.content()).hasSize(1 << 20));
        assertThat(status().findings()).isEmpty();
        assertThat(status().error()).isEmpty();
        assertThat(offsite.status().remarks())
                .contains(
                        "off-site copies are made without the file " + late.getFileName() + " of offsite.include"
                                + ": it does not exist",
                        "off-site copies are made without the file " + etc.getFileName() + " of offsite.include"
                                + ": it is a directory",
                        "off-site copies are made without the file " + pipe.getFileName() + " of offsite.include"
                                + ": it is no regular file",
                        "off-site copies are made without the file zero of offsite.include: it is no regular file",
                        "off-site copies are made without the file " + large.getFileName() + " of offsite.include"
                                + ": it is larger than 1 MiB, which is the most that travels")
                .noneMatch(remark -> remark.contains(etc.toString()))
                .hasSize(7);

        Files.writeString(late, SECRET);
        becomesCopied(scene.taken(NOON.plusSeconds(60)));

        assertThat(offsite.status().remarks()).hasSize(6).noneMatch(remark -> remark.contains("late.yaml"));
        var log = Written.out(output).getAll();
        assertThat(log.split("made without " + late, -1)).hasSize(2);
        assertThat(log.split("made without " + pipe, -1)).hasSize(2);
        assertThat(log)
                .contains("copies in memory://s3 are made without " + late + ": it does not exist. Put the file there")
                .contains(late + " can be read again, and travels beside the copies in memory://s3")
                .doesNotContain("do-not-log-me");
    }

    @Test
    void whereNoFileCanBeReadNoneLieThere() {
        copyingWith(etc.resolve("missing"));
        becomesCopied(scene.taken(NOON));
        assertThat(store.objects()).containsKey(RECORD).doesNotContainKey(FILES);
    }

    @Test
    @NeedsRoot
    @NeedsProgram("bindfs")
    void aFileWhoseFileSystemHangsHoldsUpNoCopy() throws Exception {
        try (var disk = FuseDisk.mount()) {
            var hanging = Files.writeString(disk.directory().resolve("api.yaml"), SECRET);
            copyingWith(hanging, file("api.env"));
            disk.stop();
            try {
                becomesCopied(scene.taken(NOON));
                becomesCopied(scene.taken(NOON.plusSeconds(60)));

                assertThat(there(FILES))
                        .extracting(IncludedFile::name)
                        .containsExactly(etc.toString().substring(1) + "/api.env");
                assertThat(offsite.status().remarks())
                        .contains("off-site copies are made without the file " + hanging.getFileName()
                                + " of offsite.include" + ": it cannot be read: its file system does not answer");
                assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("file-in-time")))
                        .as("one thread for a file that hangs")
                        .hasSizeLessThanOrEqualTo(1);
            } finally {
                disk.resume();
            }
            var third = scene.taken(NOON.plusSeconds(120));
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("file-in-time")));
            becomesCopied(third);
            assertThat(offsite.status().remarks()).hasSize(1);
        }
    }

    @Test
    void aStoreThatDoesNotKeepTheFilesGetsNoRecord() throws Exception {
        copyingWith(file("api.yaml"));
        store.watch(step -> {
            if (step.equals("read " + FILES)) {
                store.objects().put(FILES, new byte[] {1});
            }
        });
        scene.taken(NOON);
        offsite.tick();
        await().until(() -> status().error().isPresent());

        assertThat(status().error().orElseThrow()).contains("does not return what was sent: " + FILES);
        assertThat(store.objects()).doesNotContainKey(RECORD);
    }

    @Test
    void aStoreThatRefusesTheFilesIsTriedAgain() throws Exception {
        copyingWith(file("api.yaml"));
        store.watch(step -> {
            if (step.equals("begin " + FILES)) {
                throw new StoreFailure(StoreFailure.Code.DENIED, "denied on purpose", null);
            }
        });
        var snapshot = scene.taken(NOON);
        offsite.tick();
        await().until(() -> status().error().isPresent());
        assertThat(store.objects()).doesNotContainKey(RECORD);

        store.watch(_ -> {});
        becomesCopied(snapshot);
        assertThat(store.objects()).containsKeys(OBJECT, FILES, RECORD);
    }
}
