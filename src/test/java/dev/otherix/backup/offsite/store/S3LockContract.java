package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/** The contract of a bucket with object lock, on a real server. */
abstract class S3LockContract extends S3VersionsContract {

    @Override
    String newBucket() {
        return server().lockableBucket();
    }

    /** Whether the store keeps a lock that is given when an upload in parts begins. */
    abstract boolean locksUploads();

    private static Instant in(long amount, ChronoUnit unit) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(amount, unit);
    }

    @ParameterizedTest
    @EnumSource
    void aLockedObjectStaysUntilItsLockRunsOut(Mode mode) {
        store.requireLocks();
        var lock = new ObjectLock(mode, in(4, ChronoUnit.SECONDS));

        var stored = store.put("p/a.json", bytes(10), true, lock);

        assertThat(store.protection("p/a.json", stored.versionId())).isEqualTo(new Protection(lock, false));
        assertThat(store.protection("p/a.json", null).holdsAt(Instant.now())).isTrue();
        Failed.by(() -> store.delete("p/a.json", stored.versionId()))
                .with(Code.HELD, "p/a.json", mode.word(), lock.until().toString());
        Failed.by(() -> store.delete("p/a.json", null)).with(Code.HELD, "p/a.json");
        assertThat(read("p/a.json", null, 0, 100)).isEqualTo(bytes(10));

        await().until(() -> Instant.now().isAfter(lock.until().plusSeconds(1)));
        store.delete("p/a.json", stored.versionId());
        assertThat(versions("")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anUploadIsLockedWithItsFirstRequestOrAfterwards(Mode mode) {
        var lock = new ObjectLock(mode, in(2, ChronoUnit.DAYS));
        StoredObject stored;
        try (var upload = store.begin("p/a.db.gz.age", lock, _ -> {})) {
            upload.part(bytes(100), 100, _ -> {});
            stored = upload.complete();
        }
        assertThat(store.protection("p/a.db.gz.age", stored.versionId()))
                .isEqualTo(locksUploads() ? new Protection(lock, false) : Protection.NONE);

        store.lock("p/a.db.gz.age", stored.versionId(), lock);

        var locked = store.protection("p/a.db.gz.age", stored.versionId()).lock();
        assertThat(locked).isNotNull().matches(kept -> kept.covers(lock), "covers what was asked for");
        Failed.by(() -> store.delete("p/a.db.gz.age", stored.versionId()))
                .with(Code.HELD, "p/a.db.gz.age", mode.word());
        assertThat(read("p/a.db.gz.age", stored.versionId(), 0, 1000)).isEqualTo(bytes(100));
    }

    @Test
    void aLockIsNotMadeWeaker() {
        var lock = new ObjectLock(Mode.GOVERNANCE, in(2, ChronoUnit.DAYS));
        var stored = store.put("a", bytes(1), true, lock);

        Failed.by(() -> store.lock("a", stored.versionId(), new ObjectLock(Mode.GOVERNANCE, in(1, ChronoUnit.DAYS))))
                .with(Code.DENIED, "locking a");

        assertThat(store.protection("a", null).lock()).isEqualTo(lock);
    }

    @Test
    void aLegalHoldKeepsAnObjectToo() {
        var stored = store.put("a", bytes(1), true);
        hold(ObjectLockLegalHoldStatus.ON);

        assertThat(store.protection("a", stored.versionId())).isEqualTo(new Protection(null, true));
        Failed.by(() -> store.delete("a", stored.versionId())).with(Code.HELD, "a", "legal hold");

        hold(ObjectLockLegalHoldStatus.OFF);
        store.delete("a", stored.versionId());
        assertThat(versions("")).isEmpty();
    }

    private void hold(ObjectLockLegalHoldStatus status) {
        try (var client = server().client()) {
            client.putObjectLegalHold(
                    request -> request.bucket(bucket).key("a").legalHold(hold -> hold.status(status)));
        }
    }

    @Test
    void anotherVersionOfALockedObjectCanBeRemoved() {
        var lock = new ObjectLock(Mode.COMPLIANCE, in(2, ChronoUnit.DAYS));
        store.put("a", bytes(1), true, lock);
        var second = store.put("a", bytes(2), false);

        store.delete("a", second.versionId());

        assertThat(read("a", null, 0, 10)).isEqualTo(bytes(1));
        Failed.by(() -> store.delete("a", null)).with(Code.HELD);
    }
}
