package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.SnapshotName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removing one copy from real buckets, which keep versions and locks. */
class RemovalIT {

    private static final SnapshotName NAME = new SnapshotName(Instant.parse("2026-06-06T03:15:00Z"));
    private static final Folder FOLDER = new Folder("backups", "ca-1", Scene.MEMBER);
    private static final Folder.Place PLACE = new Folder.Place(FOLDER, NAME);

    abstract static class Contract {

        @TempDir
        private Path temporary;

        abstract S3Server server();

        private static List<StoredVersion> versions(ObjectStore store) {
            var all = new ArrayList<StoredVersion>();
            store.versions("", all::add);
            return all;
        }

        private static void putCopy(ObjectStore store) {
            store.put(FOLDER.object(NAME, true), new byte[3], false);
            store.put(FOLDER.files(NAME), new byte[2], false);
            store.put(FOLDER.record(NAME), new byte[1], true);
        }

        @Test
        void noVersionAndNoMarkerStays() {
            for (var bucket : List.of(server().bucket(), server().versionedBucket())) {
                try (var store = RealBucket.open(server(), bucket, temporary)) {
                    // written over by a second try
                    store.put(FOLDER.object(NAME, true), new byte[4], false);
                    putCopy(store);

                    assertThat(new Removal(store, Clock.systemUTC()).remove(PLACE))
                            .isEqualTo(new Outcome.Removed(null));
                    assertThat(versions(store)).isEmpty();
                }
            }
        }

        @Test
        void whatAnotherProgramDeletedFirstIsNoFailure() {
            var bucket = server().versionedBucket();
            try (var store = RealBucket.open(server(), bucket, temporary);
                    var client = server().client()) {
                putCopy(store);
                PLACE.keys()
                        .forEach(key -> client.deleteObject(
                                request -> request.bucket(bucket).key(key)));

                assertThat(new Removal(store, Clock.systemUTC()).remove(PLACE)).isEqualTo(new Outcome.Removed(null));
            }
        }

        @Test
        void aLockedCopyIsNotTouchedWhateverOurClockSays() {
            var bucket = server().lockableBucket();
            try (var store = RealBucket.open(server(), bucket, temporary)) {
                var until = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(1));
                var lock = new ObjectLock(ObjectLock.Mode.GOVERNANCE, until);
                putCopy(store);
                store.lock(FOLDER.object(NAME, true), null, lock);
                store.lock(FOLDER.record(NAME), null, lock);
                var before = versions(store);

                assertThat(new Removal(store, Clock.systemUTC()).remove(PLACE))
                        .asInstanceOf(type(Outcome.Held.class))
                        .extracting(Outcome.Held::until)
                        .isEqualTo(until);
                var yearAhead = Clock.offset(Clock.systemUTC(), Duration.ofDays(365));
                assertThat(new Removal(store, yearAhead).remove(PLACE))
                        .asInstanceOf(type(Outcome.Held.class))
                        .extracting(Outcome.Held::until)
                        .isEqualTo(until);
                assertThat(versions(store)).isEqualTo(before);
            }
        }
    }

    @Nested
    @NeedsObjectStore
    class OnVersity extends Contract {

        private static VersityGateway gateway;

        @BeforeAll
        static void starts() {
            gateway = VersityGateway.start();
        }

        @AfterAll
        static void ends() {
            gateway.close();
        }

        @Override
        S3Server server() {
            return gateway;
        }
    }

    @Nested
    @NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
    class OnCeph extends Contract {

        @Override
        S3Server server() {
            return CephGateway.shared();
        }
    }
}
