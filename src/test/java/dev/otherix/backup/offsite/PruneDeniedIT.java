package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The rules do not keep some copies in a real bucket, and the credentials may not remove them. */
@NeedsObjectStore
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class PruneDeniedIT {

    private static final String WRITER = "writer";
    private static final Instant START = Instant.parse("2100-01-01T11:00:00Z");
    private static final int COPIES = 8;
    private static final int TRIES_A_DAY = 3;

    @TempDir
    private Path temporary;

    private final List<String> deletes = new CopyOnWriteArrayList<>();

    @Test
    void copiesGoOnAndRemovalIsTriedAFewTimesADayAndEachReportedOnce(CapturedOutput output) {
        try (var gateway = VersityGateway.start();
                var scene = new Scene(temporary.resolve("snapshots"))) {
            gateway.user(WRITER);
            var bucket = gateway.versionedBucket();
            paste(gateway, bucket, BucketPolicy.named("writer"));
            scene.retention = new CopyRetentionProperties(2, null, 0, 0, 0, 0, true, null);
            scene.lineage = new SnapshotName(START);
            try (var real = RealBucket.open(
                    gateway.endpoint(), gateway.region(), bucket, temporary, WRITER, VersityGateway.secretOf(WRITER))) {
                var store = new WatchedStore(real);
                store.watch(step -> {
                    if (step.startsWith("delete ")) {
                        deletes.add(step);
                    }
                });
                var offsite = scene.copyingTo(settings(), store);
                for (int hour = 0; hour < COPIES; hour++) {
                    var at = START.plus(Duration.ofHours(hour));
                    scene.clock.set(at.plusSeconds(60));
                    scene.nanos.advance(Duration.ofHours(1));
                    var taken = scene.taken(at);
                    settled(offsite);
                    assertThat(scene.now(taken).copy(Target.S3).orElseThrow().state())
                            .isEqualTo(Copy.State.COPIED);
                }

                assertThat(deletes).hasSize(TRIES_A_DAY);
                scene.nanos.advance(Duration.ofDays(1));
                settled(offsite);
                assertThat(deletes).hasSize(2 * TRIES_A_DAY);
                // each that was tried once, and not again the next day
                assertThat(Written.out(output).getOut().split("does not keep cannot be removed yet"))
                        .hasSize(TRIES_A_DAY + 1);
                assertThat(offsite.status().remarks())
                        .anySatisfy(remark -> assertThat(remark)
                                .contains("cannot be removed yet", "s3:DeleteObjectVersion", "right to delete"));
                assertThat(offsite.status().targets().getFirst().error()).isEmpty();
                assertThat(offsite.status().targets().getFirst().findings()).isEmpty();

                paste(gateway, bucket, BucketPolicy.named("writer").and("prune"));
                scene.nanos.advance(Duration.ofDays(1));
                settled(offsite);
                assertThat(scene.directory().list().stream()
                                .filter(snapshot ->
                                        snapshot.copy(Target.S3).orElseThrow().state() == Copy.State.COPIED))
                        .hasSize(2);
                assertThat(offsite.status().remarks()).noneMatch(remark -> remark.contains("cannot be removed"));
            }
        }
    }

    /** Below the prefix that the policies name. */
    private static OffsiteProperties settings() {
        var usual = Scene.settings(null);
        return new OffsiteProperties(
                null,
                usual.recipients(),
                null,
                usual.encryption(),
                "otherix-etcd-backup",
                usual.keepUncopied(),
                usual.rateLimit(),
                usual.checkInterval(),
                null);
    }

    private static void paste(VersityGateway gateway, String bucket, BucketPolicy policy) {
        try (var client = gateway.client()) {
            client.putBucketPolicy(request -> request.bucket(bucket).policy(policy.filled(bucket, WRITER, WRITER)));
        }
    }

    private static void settled(Offsite offsite) {
        for (int times = 0; times < 2; times++) {
            offsite.tick();
            await().atMost(Duration.ofMinutes(1)).until(offsite::idle);
        }
    }
}
