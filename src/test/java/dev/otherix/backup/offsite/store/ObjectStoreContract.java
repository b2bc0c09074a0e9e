package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does alike. */
abstract class ObjectStoreContract {

    private static final int PART = ObjectStore.Upload.SMALLEST_PART;

    ObjectStore store;

    /** An empty one. */
    abstract ObjectStore open() throws IOException;

    @BeforeEach
    final void opens() throws IOException {
        store = open();
    }

    @AfterEach
    final void closes() {
        store.close();
    }

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    StoredObject upload(String key, byte[] content) {
        try (var upload = store.begin(key, _ -> {})) {
            var part = new byte[PART];
            for (var from = 0; from < content.length; from += PART) {
                var length = Math.min(PART, content.length - from);
                System.arraycopy(content, from, part, 0, length);
                upload.part(part, length, _ -> {});
            }
            return upload.complete();
        }
    }

    byte[] read(String key, @Nullable String versionId, long offset, long length) {
        try (var in = store.read(key, versionId, offset, length)) {
            return in.readAllBytes();
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    List<StoredObject> list(String prefix) {
        var all = new ArrayList<StoredObject>();
        store.list(prefix, all::add);
        return all;
    }

    @Test
    void aPlaceThatIsThereCanBeProbedAndIsEmpty() {
        store.probe("backups/");

        assertThat(list("")).isEmpty();
        assertThat(list("backups/")).isEmpty();
        assertThat(store.find("backups/a.db", null)).isEmpty();
    }

    @Test
    void aSmallObjectIsStoredFoundListedAndRead() {
        var content = "{\"name\":1}".getBytes(StandardCharsets.UTF_8);

        var stored = store.put("backups/c-1/a.json", content, true);

        assertThat(stored.key()).isEqualTo("backups/c-1/a.json");
        assertThat(stored.sizeBytes()).isEqualTo(content.length);
        assertThat(store.find("backups/c-1/a.json", null)).hasValueSatisfying(found -> {
            assertThat(found.sizeBytes()).isEqualTo(content.length);
            assertThat(found.versionId()).isEqualTo(stored.versionId());
            assertThat(found.modifiedAt()).isNotNull();
            assertThat(found.archived()).isFalse();
        });
        assertThat(list("backups/"))
                .singleElement()
                .satisfies(listed -> assertThat(listed.sizeBytes()).isEqualTo(content.length))
                .extracting(StoredObject::key)
                .isEqualTo("backups/c-1/a.json");
        assertThat(read("backups/c-1/a.json", stored.versionId(), 0, Long.MAX_VALUE))
                .isEqualTo(content);
    }

    @Test
    void anEmptyObjectIsOne() {
        store.put("empty", new byte[0], true);

        assertThat(store.find("empty", null))
                .hasValueSatisfying(found -> assertThat(found.sizeBytes()).isZero());
        assertThat(read("empty", null, 0, 10)).isEmpty();
        assertThat(read("empty", null, 0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aKeyThatIsToBeNewIsNotWrittenAgain() {
        store.put("a/record.json", bytes(10), true);

        assertThatThrownBy(() -> store.put("a/record.json", bytes(20), true))
                .asInstanceOf(type(StoreFailure.class))
                .extracting(StoreFailure::code)
                .isEqualTo(Code.EXISTS);
        assertThat(read("a/record.json", null, 0, 100)).isEqualTo(bytes(10));
        store.put("a/record.json", bytes(30), false);
        assertThat(read("a/record.json", null, 0, 100)).isEqualTo(bytes(30));
    }

    @Test
    void anObjectInPartsAppearsWholeWhenItIsCompleted() {
        var content = bytes(2 * PART + 12_345);
        var key = "backups/c-1/8e9e05c52164694d/otherix-20260606T031500Z.db.gz.age";
        var sent = new AtomicLong();
        var ids = new ArrayList<String>();
        StoredObject stored;
        try (var upload = store.begin(key, ids::add)) {
            assertThat(ids).hasSize(1);
            var part = new byte[PART];
            for (var from = 0; from < content.length; from += PART) {
                var length = Math.min(PART, content.length - from);
                System.arraycopy(content, from, part, 0, length);
                upload.part(part, length, sent::addAndGet);
                // the array is the caller's again
                java.util.Arrays.fill(part, (byte) 0);
            }
            assertThat(store.find(key, null)).isEmpty();
            assertThat(list("")).isEmpty();
            stored = upload.complete();
        }

        assertThat(sent).hasValue(content.length);
        assertThat(stored.sizeBytes()).isEqualTo(content.length);
        assertThat(store.find(key, stored.versionId()))
                .hasValueSatisfying(found -> assertThat(found.sizeBytes()).isEqualTo(content.length));
        assertThat(read(key, stored.versionId(), 0, Long.MAX_VALUE)).isEqualTo(content);
    }

    @Test
    void anObjectSmallerThanAPartIsOnePart() {
        var stored = upload("small.db.gz.age", bytes(100));

        assertThat(read("small.db.gz.age", stored.versionId(), 0, Long.MAX_VALUE))
                .isEqualTo(bytes(100));
    }

    @Test
    void anObjectWithoutARecordMayBeWrittenOver() {
        upload("a.db.gz.age", bytes(100));
        var second = upload("a.db.gz.age", bytes(200));

        assertThat(read("a.db.gz.age", second.versionId(), 0, Long.MAX_VALUE)).isEqualTo(bytes(200));
        assertThat(read("a.db.gz.age", null, 0, Long.MAX_VALUE)).isEqualTo(bytes(200));
    }

    @Test
    void anUploadThatIsClosedLeavesNothing() {
        try (var upload = store.begin("b/a.db.gz.age", _ -> {})) {
            upload.part(bytes(PART), PART, _ -> {});
        }

        assertThat(list("")).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void anUploadOfAProcessThatIsGoneCanBeEndedByItsIdTwice() {
        var ids = new ArrayList<String>();
        var upload = store.begin("b/a.db.gz.age", ids::add);
        upload.part(bytes(PART), PART, _ -> {});
        assertThat(left()).hasSize(1);

        store.abort("b/a.db.gz.age", ids.getFirst());
        assertThat(left()).isEmpty();
        store.abort("b/a.db.gz.age", ids.getFirst());
        assertThat(list("")).isEmpty();
    }

    /** What is left of uploads that were not completed. */
    abstract List<String> left();

    @Test
    void anUploadWhoseIdCannotBeNotedIsNotBegun() {
        assertThatThrownBy(() -> store.begin("b/a.db.gz.age", _ -> {
                    throw new IllegalStateException("no room for the note");
                }))
                .hasMessage("no room for the note");

        assertThat(left()).isEmpty();
    }

    @Test
    void aPartOfAnObjectIsRead() {
        var content = bytes(300_000);
        upload("a", content);

        for (long[] range : new long[][] {{0, 1}, {1, 1}, {100_000, 70_000}, {299_999, 1}, {4095, 8194}}) {
            var from = (int) range[0];
            assertThat(read("a", null, range[0], range[1]))
                    .isEqualTo(java.util.Arrays.copyOfRange(content, from, from + (int) range[1]));
        }
        assertThat(read("a", null, 299_990, 1000)).hasSize(10);
        assertThat(read("a", null, 299_990, Long.MAX_VALUE)).hasSize(10);
        assertThat(read("a", null, 300_000, 10)).isEmpty();
        assertThat(read("a", null, 500_000, 10)).isEmpty();
        assertThat(read("a", null, 10, 0)).isEmpty();
    }

    @Test
    void readingWhatIsNotThereSaysSo() {
        assertThatThrownBy(() -> read("backups/nothing", null, 0, 10))
                .asInstanceOf(type(StoreFailure.class))
                .extracting(StoreFailure::code)
                .isEqualTo(Code.NO_SUCH_OBJECT);
    }

    @Test
    void aStreamThatIsClosedEarlyHoldsNothingUp() throws IOException {
        upload("a", bytes(3 * PART));

        for (var time = 0; time < 60; time++) {
            try (var in = store.read("a", null, 0, Long.MAX_VALUE)) {
                assertThat(in.read()).isNotNegative();
            }
        }
        assertThat(read("a", null, 0, Long.MAX_VALUE)).hasSize(3 * PART);
    }

    @Test
    void onlyWhatIsBelowThePrefixIsListed() {
        for (var key : List.of("p/c/m/a", "p/c/m/b", "p/c2/m/a", "p2/c/m/a", "pp", "p/z")) {
            store.put(key, bytes(1), true);
        }

        assertThat(list("p/"))
                .extracting(StoredObject::key)
                .containsExactlyInAnyOrder("p/c/m/a", "p/c/m/b", "p/c2/m/a", "p/z");
        assertThat(list("p/c"))
                .extracting(StoredObject::key)
                .containsExactlyInAnyOrder("p/c/m/a", "p/c/m/b", "p/c2/m/a");
        assertThat(list("p/c/m/a")).extracting(StoredObject::key).containsExactly("p/c/m/a");
        assertThat(list("")).hasSize(6);
        assertThat(list("nothing/")).isEmpty();
        store.probe("p/");
    }

    List<StoredVersion> versions(String prefix) {
        var all = new ArrayList<StoredVersion>();
        store.versions(prefix, all::add);
        return all;
    }

    @Test
    void anObjectThatIsDeletedIsGone() {
        var one = store.put("p/a.json", bytes(10), true);
        var other = store.put("p/b.json", bytes(10), true);
        var large = upload("p/a.db.gz.age", bytes(100));

        store.delete("p/a.json", one.versionId());
        store.delete("p/a.db.gz.age", large.versionId());

        assertThat(store.find("p/a.json", null)).isEmpty();
        assertThat(store.find("p/a.db.gz.age", null)).isEmpty();
        assertThat(list("")).extracting(StoredObject::key).containsExactly("p/b.json");
        assertThat(versions("p/"))
                .singleElement()
                .isEqualTo(new StoredVersion(
                        "p/b.json",
                        versionOf(other),
                        false,
                        10,
                        versions("").getFirst().modifiedAt()));
        store.put("p/a.json", bytes(20), true);
    }

    /** The id of the version that was stored, as a list of versions has it. */
    @Nullable
    String versionOf(StoredObject stored) {
        return stored.versionId();
    }

    @Test
    void deletingWhatIsGoneIsNoFailure() {
        var stored = store.put("p/a.json", bytes(10), true);

        for (var time = 0; time < 3; time++) {
            store.delete("p/a.json", stored.versionId());
            store.delete("p/a.json", null);
            store.delete("nothing/there.json", null);
        }

        assertThat(versions("")).isEmpty();
    }

    @Test
    void withoutAnIdTheNewestVersionIsRemovedAndNotHidden() {
        store.put("p/a.json", bytes(10), true);

        store.delete("p/a.json", null);

        assertThat(versions("")).isEmpty();
    }

    @Test
    void whatTheVersionsListCanBeDeleted() {
        for (var key : List.of("p/c/m/a", "p/c/m/b", "p/c2/m/a", "p2/c/m/a")) {
            store.put(key, bytes(1), false);
            store.put(key, bytes(2), false);
        }
        assertThat(versions("p/c/")).extracting(StoredVersion::key).contains("p/c/m/a", "p/c/m/b");

        versions("p/c/").forEach(version -> store.delete(version.key(), version.versionId()));

        assertThat(versions("p/c/")).isEmpty();
        assertThat(list("")).extracting(StoredObject::key).containsExactlyInAnyOrder("p/c2/m/a", "p2/c/m/a");
    }

    @Test
    void nothingProtectsAnObjectUnlessItIsLocked() {
        var stored = store.put("p/a.json", bytes(10), true);

        assertThat(store.protection("p/a.json", stored.versionId())).isEqualTo(Protection.NONE);
        assertThat(store.protection("p/a.json", null)).isEqualTo(Protection.NONE);
        Failed.by(() -> store.protection("p/b.json", null)).with(Code.NO_SUCH_OBJECT, "p/b.json");
    }

    @Test
    void anInterruptedThreadIsNotHeldUp() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> store.probe(""))
                    .asInstanceOf(type(StoreFailure.class))
                    .extracting(StoreFailure::code)
                    .isEqualTo(Code.INTERRUPTED);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }
}
