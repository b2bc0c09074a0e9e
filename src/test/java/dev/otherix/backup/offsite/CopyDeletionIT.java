package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.FilesystemStore;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real stores keep of a copy that a person deletes: nothing, or what is said. */
class CopyDeletionIT {

    private static final SnapshotName NAME = new SnapshotName(Instant.parse("2026-06-06T03:15:00Z"));
    private static final SnapshotName OTHER = new SnapshotName(Instant.parse("2026-06-06T03:15:01Z"));
    private static final Folder FOLDER = new Folder("backups", "ca-1", Scene.MEMBER);
    private static final Folder.Place PLACE = new Folder.Place(FOLDER, NAME);

    private static List<StoredVersion> versions(ObjectStore store) {
        var all = new ArrayList<StoredVersion>();
        store.versions("", all::add);
        return all;
    }

    private static void put(ObjectStore store, SnapshotName name) {
        store.put(FOLDER.object(name, true), new byte[3], false);
        store.put(FOLDER.files(name), new byte[2], false);
        store.put(FOLDER.record(name), new byte[1], true);
    }

    private static CopyDeletion deletion(ObjectStore store) {
        return new CopyDeletion(store, Clock.systemUTC());
    }

    @Test
    void aDirectoryKeepsNothing(@TempDir Path target) throws IOException {
        Files.createFile(target.resolve(FilesystemStore.MARK));
        try (var store = FilesystemStore.open(target)) {
            put(store, NAME);
            put(store, OTHER);
            assertThat(deletion(store).hasVersions(PLACE)).isFalse();
            assertThat(deletion(store).remove(PLACE)).isEmpty();
            assertThat(versions(store)).hasSize(3).allMatch(left -> left.key().contains("031501Z"));
        }
    }

    abstract static class Contract {

        @TempDir
        private Path temporary;

        abstract S3Server server();

        @Test
        void aBucketWithoutVersionsKeepsNothing() {
            try (var store = RealBucket.open(server(), server().bucket(), temporary)) {
                put(store, NAME);
                assertThat(deletion(store).hasVersions(PLACE)).isFalse();
                assertThat(deletion(store).remove(PLACE)).isEmpty();
                assertThat(versions(store)).isEmpty();
            }
        }

        /** Another program hid objects behind marks, and wrote others over again. */
        @Test
        void noOlderVersionAndNoMarkStaysAndThoseOfOtherCopiesDo() {
            var bucket = server().versionedBucket();
            try (var store = RealBucket.open(server(), bucket, temporary);
                    var client = server().client()) {
                put(store, NAME);
                put(store, OTHER);
                for (var key : List.of(FOLDER.object(NAME, true), FOLDER.files(NAME))) {
                    client.deleteObject(request -> request.bucket(bucket).key(key));
                }
                store.put(FOLDER.files(NAME), new byte[4], false);
                client.deleteObject(request -> request.bucket(bucket).key(FOLDER.files(NAME)));

                assertThat(deletion(store).hasVersions(PLACE)).isTrue();
                assertThat(deletion(store).remove(PLACE)).isEmpty();
                assertThat(versions(store)).hasSizeGreaterThan(3);
                assertThat(deletion(store).removeVersions(PLACE)).isEmpty();

                assertThat(versions(store))
                        .hasSize(3)
                        .allMatch(left -> left.key().contains("031501Z"));
            }
        }

        /** The record has gone, and what is left lies behind a mark or was written over. */
        @Test
        void whatIsLeftWithoutARecordIsFoundWithItsVersionsAndGoes() {
            var bucket = server().versionedBucket();
            try (var store = RealBucket.open(server(), bucket, temporary);
                    var client = server().client()) {
                put(store, NAME);
                put(store, OTHER);
                store.put(FOLDER.object(NAME, true), new byte[4], false);
                store.delete(FOLDER.record(NAME), null);
                client.deleteObject(request -> request.bucket(bucket).key(FOLDER.object(NAME, true)));
                client.deleteObject(request -> request.bucket(bucket).key(FOLDER.files(NAME)));

                var rests = CopyRests.of(store, "backups", "backups/ca-1/", Set.of(new Folder.Place(FOLDER, OTHER)));
                assertThat(rests.unseen()).isEmpty();
                assertThat(rests.rests()).singleElement().satisfies(rest -> {
                    assertThat(rest.place()).isEqualTo(PLACE);
                    assertThat(rest.sizeBytes()).isEqualTo(3 + 4 + 2);
                    assertThat(rest.newestAt().orElseThrow())
                            .isAfter(Instant.now().minus(Duration.ofHours(1)));
                });

                assertThat(deletion(store).remove(PLACE)).isEmpty();
                assertThat(deletion(store).removeVersions(PLACE)).isEmpty();
                assertThat(versions(store))
                        .hasSize(3)
                        .allMatch(left -> left.key().contains("031501Z"));
            }
        }

        @Test
        void ifAnOlderVersionOfTheRecordIsLockedItIsSaidWhatWentAndWhatStays() {
            try (var store = RealBucket.open(server(), server().lockableBucket(), temporary)) {
                put(store, NAME);
                var record = FOLDER.record(NAME);
                var first = store.find(record, null).orElseThrow().versionId();
                store.put(record, new byte[9], false);
                var until = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(1));
                store.lock(record, first, new ObjectLock(ObjectLock.Mode.GOVERNANCE, until));

                assertThat(deletion(store).remove(PLACE).orElseThrow())
                        .contains("newer versions of its record were removed; an older one and the rest")
                        .doesNotContain("nothing");
                assertThat(versions(store)).hasSize(3);
                assertThat(store.find(record, null).orElseThrow().versionId()).isEqualTo(first);
            }
        }

        @Test
        void howeverManyVersionsThereAreNoneStaysUnsaid() {
            try (var store = RealBucket.open(server(), server().versionedBucket(), temporary)) {
                put(store, NAME);
                for (int i = 0; i < 102; i++) {
                    store.put(FOLDER.object(NAME, true), new byte[1], false);
                }
                assertThat(deletion(store).remove(PLACE).orElseThrow()).contains("had more than 100 versions");
                assertThat(versions(store)).isNotEmpty();

                for (int i = 0; i < 5; i++) {
                    store.put(FOLDER.files(NAME), new byte[1], false);
                }
                assertThat(new CopyDeletion(store, Clock.systemUTC(), 2).removeVersions(PLACE))
                        .isEmpty();
                assertThat(versions(store)).isEmpty();
            }
        }

        @Test
        void aLockedCopyIsNotTouchedAndALockedOlderVersionIsNamed() {
            var bucket = server().lockableBucket();
            try (var store = RealBucket.open(server(), bucket, temporary);
                    var client = server().client()) {
                var until = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(1));
                put(store, NAME);
                store.lock(FOLDER.object(NAME, true), null, new ObjectLock(ObjectLock.Mode.GOVERNANCE, until));
                var before = versions(store);

                assertThat(deletion(store).remove(PLACE).orElseThrow())
                        .contains("is locked", until.toString(), "nothing of it was removed");
                assertThat(versions(store)).isEqualTo(before);

                // hidden behind a mark, as a rule of the bucket does
                client.deleteObject(request -> request.bucket(bucket).key(FOLDER.object(NAME, true)));
                assertThat(deletion(store).hasVersions(PLACE)).isTrue();
                assertThat(deletion(store).remove(PLACE)).isEmpty();
                assertThat(deletion(store).removeVersions(PLACE).orElseThrow()).startsWith("1 older version stays: ");
                assertThat(versions(store)).singleElement().matches(left -> !left.marker());
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

        @Test
        void withoutTheRightToListVersionsItIsSaidThatSomeMayStay(@TempDir Path etc) {
            var bucket = gateway.versionedBucket();
            var user = "deleter";
            gateway.user(user);
            try (var client = gateway.client()) {
                client.putBucketPolicy(request -> request.bucket(bucket).policy("""
                        {"Version": "2012-10-17", "Statement": [
                          {"Effect": "Allow", "Principal": {"AWS": ["%1$s"]}, "Action": ["s3:ListBucket"],
                           "Resource": ["arn:aws:s3:::%2$s"]},
                          {"Effect": "Allow", "Principal": {"AWS": ["%1$s"]},
                           "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject",
                             "s3:DeleteObjectVersion", "s3:GetObjectRetention", "s3:GetObjectLegalHold"],
                           "Resource": ["arn:aws:s3:::%2$s/*"]}]}
                        """.formatted(user, bucket)));
            }
            try (var owner = RealBucket.open(gateway, bucket, etc);
                    var store = RealBucket.open(
                            gateway.endpoint(), gateway.region(), bucket, etc, user, VersityGateway.secretOf(user))) {
                put(owner, NAME);
                assertThat(deletion(store).remove(PLACE)).isEmpty();
                assertThat(deletion(store).removeVersions(PLACE).orElse("")).startsWith("older versions may stay: ");

                put(owner, OTHER);
                owner.delete(FOLDER.record(OTHER), null);
                var rests = CopyRests.of(store, "backups", "backups/ca-1/", Set.of());
                assertThat(rests.unseen()).isPresent();
                assertThat(rests.rests())
                        .extracting(CopyRests.Rest::place)
                        .containsExactly(new Folder.Place(FOLDER, OTHER));
            }
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
