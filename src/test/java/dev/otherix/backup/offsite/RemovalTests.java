package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removing one copy: what goes in which order, and what stays when that is refused or cut off. */
class RemovalTests {

    private static final SnapshotName NAME = new SnapshotName(Instant.parse("2026-06-06T03:15:00Z"));
    private static final Folder FOLDER = new Folder("backups", "ca-1", Scene.MEMBER);
    private static final Folder.Place PLACE = new Folder.Place(FOLDER, NAME);
    private static final String RECORD = FOLDER.record(NAME);
    private static final String FILES = FOLDER.files(NAME);
    private static final String OBJECT = FOLDER.object(NAME, true);

    private final SettableClock clock = new SettableClock("2026-07-01T00:00:00Z");
    private final MemoryStore store = new MemoryStore(Target.S3);
    private final Removal removal = new Removal(store, clock);
    private final List<String> deleted = new ArrayList<>();

    @BeforeEach
    void aCopyAndItsNeighbours() {
        put(RECORD, FILES, OBJECT, FOLDER.record(NAME.next()), FOLDER.path() + "canary-0123456789abcdef.age");
        store.watch(step -> {
            if (step.startsWith("delete ")) {
                deleted.add(step.substring(7));
            }
        });
    }

    private void put(String... keys) {
        for (var key : keys) {
            store.put(key, new byte[1], false);
        }
    }

    private void lock(String key, Duration forTime) {
        store.locks()
                .put(
                        key,
                        new ObjectLock(
                                ObjectLock.Mode.GOVERNANCE, clock.instant().plus(forTime)));
    }

    @Test
    void theRecordGoesFirstAndTheObjectLast() {
        assertThat(removal.remove(PLACE)).isEqualTo(new Outcome.Removed(null));

        assertThat(deleted).containsExactly(RECORD, FILES, OBJECT);
        assertThat(store.objects().keySet())
                .containsExactlyInAnyOrder(FOLDER.record(NAME.next()), FOLDER.path() + "canary-0123456789abcdef.age");
    }

    @Test
    void oneThatIsGoneIsNoFailure() {
        store.objects().clear();

        assertThat(removal.remove(PLACE)).isEqualTo(new Outcome.Removed(null));
    }

    @Test
    void nothingIsTouchedIfTheStoreHoldsAnyPartOfIt() {
        for (var key : List.of(RECORD, FILES, OBJECT)) {
            store.locks().clear();
            lock(key, Duration.ofDays(3));

            assertThat(removal.remove(PLACE))
                    .isEqualTo(new Outcome.Held(
                            Removal.By.LOCK,
                            Instant.parse("2026-07-04T00:00:00Z"),
                            key + " is locked (governance until 2026-07-04T00:00:00Z)"));
        }
        assertThat(deleted).isEmpty();
    }

    @Test
    void aLockThatOurClockTakesForOverStillHoldsTheRecordFirst() {
        lock(RECORD, Duration.ofDays(-1));

        assertThat(removal.remove(PLACE)).isInstanceOf(Outcome.Held.class);
        assertThat(deleted).containsExactly(RECORD);
        assertThat(store.objects()).containsKeys(RECORD, FILES, OBJECT);
    }

    @Test
    void withoutTheRightToDeleteItIsHeld() {
        refuse("delete " + RECORD, Code.DENIED);

        assertThat(removal.remove(PLACE)).isEqualTo(new Outcome.Held(Removal.By.REFUSAL, null, "refused"));
        assertThat(store.objects()).containsKeys(RECORD, FILES, OBJECT);
    }

    @Test
    void whatTheStoreKeepsOfItWithoutItsRecordIsNamed() {
        refuse("delete " + OBJECT, Code.DENIED);

        assertThat(removal.remove(PLACE)).isEqualTo(new Outcome.Removed("refused"));
        assertThat(store.objects()).containsKey(OBJECT).doesNotContainKeys(RECORD, FILES);
    }

    private void refuse(String step, Code code) {
        store.watch(taken -> {
            if (taken.equals(step)) {
                throw new StoreFailure(code, "refused", null);
            }
        });
    }

    @Test
    void whereverItIsCutOffItIsAWholeCopyOrNoneAndTheNextTryGoesOn() {
        for (var key : List.of(RECORD, FILES, OBJECT)) {
            for (var step : List.of("delete ", "delete-answer ")) {
                put(RECORD, FILES, OBJECT);
                refuse(step + key, Code.UNAVAILABLE);

                assertThatThrownBy(() -> removal.remove(PLACE)).isInstanceOf(StoreFailure.class);
                if (store.objects().containsKey(RECORD)) {
                    assertThat(store.objects()).containsKeys(FILES, OBJECT);
                }

                store.watch(_ -> {});
                assertThat(removal.remove(PLACE)).isEqualTo(new Outcome.Removed(null));
                assertThat(store.objects()).doesNotContainKeys(RECORD, FILES, OBJECT);
            }
        }
    }
}
