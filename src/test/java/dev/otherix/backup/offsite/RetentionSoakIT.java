package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.FilesystemStore;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Half a year of copies and removals in real stores that are often away: what lies there is what the rules say, and
 * nothing else. The hours between two snapshots are {@code -Dsoak.hours}, on Ceph three times as many, for it is slow;
 * the random seed is {@code -Dcrash.seed}. In the profile {@code crash} they are taken hourly.
 */
@Timeout(7200)
class RetentionSoakIT {

    private static final int FEW = 48;
    private static final int HOURS = Integer.getInteger("soak.hours", FEW);
    private static final int ON_CEPH = 3 * HOURS;
    private static final long SEED = Long.getLong("crash.seed", HOURS < FEW ? System.nanoTime() : 20260610L);

    @TempDir
    private Path temporary;

    private void holdsForHalfAYear(ObjectStore store, int hours) throws IOException {
        try (var soak = new Soak(store, temporary, Duration.ofHours(hours), SEED)) {
            var done = soak.run();
            System.out.printf("%s: %s (-Dsoak.hours=%d -Dcrash.seed=%d)%n", store.place(), done, HOURS, SEED);
            assertThat(done.months()).isEqualTo(6);
            assertThat(done.removals()).isGreaterThan(done.copies() / 4).isLessThan(done.copies());
            assertThat(done.outages()).isPositive();
            assertThat(done.cutOff()).isPositive();
        } catch (AssertionError broken) {
            throw new AssertionError("with -Dsoak.hours=" + HOURS + " -Dcrash.seed=" + SEED, broken);
        }
    }

    private void holdsForHalfAYear(S3Server server, int hours) throws IOException {
        var bucket = server.versionedBucket();
        try (var store = RealBucket.open(server, bucket, temporary);
                var client = server.client()) {
            holdsForHalfAYear(store, hours);
            assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                            .uploads())
                    .isEmpty();
        }
    }

    @Nested
    @NeedsObjectStore
    class OnVersity {

        @Test
        void whatLiesThereIsWhatTheRulesKeepAndNothingElse() throws IOException {
            try (var gateway = VersityGateway.start()) {
                holdsForHalfAYear(gateway, HOURS);
            }
        }
    }

    @Nested
    @NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
    class OnCeph {

        @Test
        void whatLiesThereIsWhatTheRulesKeepAndNothingElse() throws IOException {
            holdsForHalfAYear(CephGateway.shared(), ON_CEPH);
        }
    }

    @Nested
    class InADirectory {

        @Test
        void whatLiesThereIsWhatTheRulesKeepAndNothingElse() throws IOException {
            var target = Files.createDirectory(temporary.resolve("target"));
            Files.createFile(target.resolve(FilesystemStore.MARK));
            try (var store = FilesystemStore.open(target);
                    var entries = Files.newDirectoryStream(target)) {
                holdsForHalfAYear(store, HOURS);
                // the mark and the prefix: no temporary file
                assertThat(entries).hasSize(2);
            }
        }
    }
}
