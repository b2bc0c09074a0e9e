package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a drill finds out before it writes the database, and what it makes of a snapshot that cannot be read. */
@AnyEtcd
@NeedsEtcd
@Timeout(120)
class DrillSkippedIT {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path dir;

    private final EtcdHome home = EtcdHomes.first();
    private Path snapshot;
    private DrillScene drill;

    @BeforeEach
    void prepare() throws IOException {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < 500; i++) {
            past.next().put("/otherix/things/" + i, "v".repeat(9000));
        }
        snapshot = past.write(dir.resolve("otherix-20260606T031500Z.db"));
        drill = new DrillScene(snapshot, Files.createDirectory(dir.resolve("scratch"))).etcd(home.etcd());
    }

    /** A record as the service writes it, of a file with this size. */
    private void record(long size, String etcd, long liveKeys) throws IOException {
        Files.writeString(
                snapshot.resolveSibling(SnapshotName.parse("otherix-20260606T031500Z.db")
                        .orElseThrow()
                        .recordFile()),
                """
                {"name": "otherix-20260606T031500Z.db", "created_at": "2026-06-06T03:15:00Z", "size_bytes": %d,
                 "sha256": "%s", "revision": 501, "compact_revision": 1, "live_keys": %d, "total_entries": %d,
                 "hash_kv": 7, "etcd": {"version": "%s", "cluster_id": "cdf818194e3a8c32",
                 "member_id": "8e9e05c52164694d", "role": "leader", "consistency": "linearizable", "alarms": [],
                 "members": []}, "trigger": "schedule", "requests": [], "lineage": "otherix-20260606T031500Z.db",
                 "pinned": false, "kept_because": [], "ca_fingerprint": null,
                 "verification": {"state": "verified", "checked_at": "2026-06-06T03:15:00Z", "checks": []},
                 "copies": []}
                """.formatted(size, "0".repeat(64), liveKeys, liveKeys, etcd));
    }

    /** The detail of a drill that is skipped. */
    private String skipped(AtomicBoolean restored) throws IOException {
        var outcome = drill.drill().run(new Drill.Listener() {
            @Override
            public LongConsumer reading() {
                restored.set(true);
                return _ -> {};
            }

            @Override
            public LongConsumer proving(long bytes) {
                return _ -> {};
            }
        });
        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        drill.requireNothingLeft();
        return DrillScene.detail(outcome);
    }

    @Test
    void theRecordShowsThatTheEtcdIsTooOldBeforeAnythingIsWritten() throws IOException {
        record(Files.size(snapshot), "3.99.1", 500);
        var restored = new AtomicBoolean();

        assertThat(skipped(restored))
                .isEqualTo("etcd " + home.version() + " is older than etcd 3.99.1, which wrote this snapshot; name an"
                        + " etcd 3.99 in drill.etcd");
        assertThat(restored).isFalse();
    }

    @Test
    void theRecordShowsThatTheMemoryIsTooLittleBeforeAnythingIsWritten() throws IOException {
        record(Files.size(snapshot), home.version(), 5_000_000);
        drill.memory(200 * MIB);
        var restored = new AtomicBoolean();

        assertThat(skipped(restored))
                .startsWith("not enough memory to start etcd: it needs about ")
                .contains("5000000 live keys");
        assertThat(restored).isFalse();
    }

    @Test
    void theRecordOfAnotherFileShowsNothing() throws IOException {
        record(Files.size(snapshot) + 1, "3.99.1", 5_000_000);
        drill.memory(200 * MIB);

        var outcome = drill.drill().run(DrillScene.NOBODY);

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(DrillScene.detail(outcome)).contains("the record beside it says");
    }

    @Test
    void aProgramThatNoLineIsKnownOfIsRefusedBeforeAnythingIsWritten() throws IOException {
        drill.etcd(DrillScene.program(dir.resolve("new-etcd"), "echo 'etcd Version: 3.99.0'\n"));
        var restored = new AtomicBoolean();

        assertThat(skipped(restored)).startsWith("etcd 3.99.0 is of a line that this program does not know yet");
        assertThat(restored).isFalse();
    }

    @Test
    void whereTheKernelEndsEverythingTogetherTwiceTheMemoryIsNeeded() throws IOException {
        var enough = drill.memory(80 * MIB).run();
        assertThat(enough).isInstanceOf(DrillOutcome.Passed.class);

        drill.endsTogether();
        assertThat(skipped(new AtomicBoolean()))
                .matches("not enough memory to start etcd: it needs about 6\\d MiB, and twice that has to be available,"
                        + " because the kernel ends this whole container or unit if it ends etcd \\(memory.oom.group is"
                        + " 1\\); 80 MiB are available; raise its limit, set singleProcessOOMKill: true for"
                        + " the kubelet, or leave drill.etcd out");
        assertThat(drill.memory(140 * MIB).run()).isInstanceOf(DrillOutcome.Passed.class);
    }

    /** Drills, and does this to the file when it is read. */
    private DrillOutcome drillWhile(OnTarget.Step damage) throws IOException {
        return drill.drill().run(new Drill.Listener() {
            private final AtomicBoolean begun = new AtomicBoolean();

            @Override
            public LongConsumer reading() {
                return _ -> {
                    if (begun.compareAndSet(false, true)) {
                        OnTarget.run(damage);
                    }
                };
            }

            @Override
            public LongConsumer proving(long bytes) {
                return _ -> {};
            }
        });
    }

    private void shorten() throws IOException {
        try (var file = FileChannel.open(snapshot, StandardOpenOption.WRITE)) {
            file.truncate(4096);
        }
    }

    @Test
    void bytesThatCannotBeReadAreAFailure() throws IOException {
        var outcome = drillWhile(this::shorten);

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(DrillScene.detail(outcome))
                .isEqualTo("the snapshot cannot be read: the medium fails, or the file became shorter; check the disk,"
                        + " and take another snapshot: this one may be lost");
        drill.requireNothingLeft();
    }

    @Test
    void aFileThatIsRemovedMeanwhileIsNone() throws IOException {
        assertThatThrownBy(() -> drillWhile(() -> {
                    shorten();
                    Files.delete(snapshot);
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> drill.drill().run(DrillScene.NOBODY)).isInstanceOf(NoSuchFileException.class);
        drill.requireNothingLeft();
    }
}
