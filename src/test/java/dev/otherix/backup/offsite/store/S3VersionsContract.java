package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract of a bucket that keeps versions, on a real server. */
abstract class S3VersionsContract extends S3Contract {

    @Override
    String newBucket() {
        return server().versionedBucket();
    }

    @Test
    void oneVersionIsDeletedAndTheOthersStay() {
        var first = store.put("p/a", bytes(1), false);
        var second = store.put("p/a", bytes(2), false);
        var third = store.put("p/a", bytes(3), false);

        store.delete("p/a", second.versionId());
        assertThat(versions("p/"))
                .extracting(StoredVersion::versionId)
                .containsExactlyInAnyOrder(first.versionId(), third.versionId());

        store.delete("p/a", third.versionId());
        assertThat(read("p/a", null, 0, 10)).isEqualTo(bytes(1));
    }

    @Test
    void whatAnotherProgramHidIsFoundWithItsMarker() {
        var stored = store.put("p/a", bytes(1), false);
        try (var client = server().client()) {
            client.deleteObject(request -> request.bucket(bucket).key("p/a"));
        }
        assertThat(store.find("p/a", null)).isEmpty();
        assertThat(list("")).isEmpty();

        assertThat(versions("p/")).hasSize(2).anySatisfy(version -> {
            assertThat(version.marker()).isFalse();
            assertThat(version.versionId()).isEqualTo(stored.versionId());
            assertThat(version.sizeBytes()).isEqualTo(1);
        });
        assertThat(versions("p/"))
                .filteredOn(StoredVersion::marker)
                .singleElement()
                .satisfies(marker -> {
                    assertThat(marker.key()).isEqualTo("p/a");
                    assertThat(marker.sizeBytes()).isZero();
                });

        // nothing is to be seen under the key, so nothing is removed, and no second marker appears
        store.delete("p/a", null);
        assertThat(versions("p/")).hasSize(2);

        versions("p/").forEach(version -> store.delete(version.key(), version.versionId()));
        assertThat(versions("")).isEmpty();
    }
}
