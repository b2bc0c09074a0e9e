package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue of one target is the directory. */
@Timeout(60)
class CopyQueueTests {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");
    private static final String FOLDER = "backups/ca-0123456789abcdef/" + Scene.MEMBER + "/";

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(temporary.resolve("snapshots"));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void nothingIsUploadedBesideADrillWithAnEtcd() throws InterruptedException {
        var taken = scene.taken(NOON);
        try (var _ = scene.turns.drill(true, () -> {})) {
            scene.copyingTo(Scene.settings(null), store).tick();

            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(thread -> thread.getKey().getName().equals("offsite-s3")
                            && Stream.of(thread.getValue())
                                    .anyMatch(call -> call.getMethodName().equals("upload"))
                            && thread.getKey().getState() == Thread.State.WAITING));
            assertThat(store.objects()).isEmpty();
        }
        await().until(() -> !scene.now(taken).copies().isEmpty());
    }

    @Test
    void eachSnapshotIsCopiedNewestFirstAndTheRecordComesLast() {
        var older = scene.taken(NOON.minusSeconds(60));
        var newer = scene.taken(NOON);

        scene.copyingTo(Scene.settings(null), store).tick();

        await().until(() -> !scene.now(older).copies().isEmpty());
        assertThat(store.objects().keySet())
                .containsExactlyInAnyOrder(
                        FOLDER + newer.name() + ".gz.age",
                        FOLDER + newer.name().recordFile(),
                        FOLDER + older.name() + ".gz.age",
                        FOLDER + older.name().recordFile(),
                        FOLDER + "canary-" + new Recipients(java.util.List.of(Scene.RECIPIENT)).hex() + ".age");
        assertThat(scene.now(newer).copy(Target.S3)).hasValueSatisfying(copy -> {
            assertThat(copy.state()).isEqualTo(Copy.State.COPIED);
            assertThat(copy.key()).isEqualTo(FOLDER + newer.name() + ".gz.age");
            assertThat(copy.sizeBytes()).isEqualTo(store.objects().get(copy.key()).length);
        });
        assertThat(store.uploads()).isEmpty();
        await().until(() -> scene.directory().state().read().uploads().isEmpty());
    }
}
