package dev.otherix.backup.offsite.store;

import static dev.otherix.backup.offsite.store.ObjectStoreContract.bytes;
import static dev.otherix.backup.offsite.store.S3Contract.credentials;
import static dev.otherix.backup.offsite.store.S3Contract.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.MeddlingProxy;
import dev.otherix.backup.realstores.NeedsObjectStore;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The troubles that an old store of another family reports in its own words. */
@NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
class CephTroubleIT {

    private static final Limits SHORT =
            new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), 1 << 20, Duration.ofMillis(10));

    private final CephGateway ceph = CephGateway.shared();

    private ObjectStore open(URI endpoint, String bucket, String access, String secret) {
        return S3Store.open(
                place(endpoint, bucket, null), credentials(access, secret), S3Writing.PLAIN, SHORT, Clock.systemUTC());
    }

    @Test
    void aWrongSecretIsNamedForABodyToo() {
        try (var store = open(ceph.endpoint(), ceph.bucket(), ceph.accessKey(), "wrong")) {
            Failed.by(() -> store.probe("")).with(Code.DENIED, "of the access key testkey is wrong");
            Failed.by(() -> store.put("a", bytes(2 << 20), true)).with(Code.DENIED, "the secret key");
            Failed.by(() -> store.begin("a", _ -> {})).with(Code.DENIED, "the secret key");
        }
    }

    @Test
    void anUnknownKeyAndAMissingBucketAreNamed() {
        try (var unknown = open(ceph.endpoint(), ceph.bucket(), "nobody", "wrong");
                var missing = open(ceph.endpoint(), "no-such-bucket", ceph.accessKey(), ceph.secretKey())) {
            Failed.by(() -> unknown.probe("")).with(Code.DENIED, "does not know the access key nobody");
            Failed.by(() -> missing.probe("")).with(Code.NO_SUCH_PLACE, "no bucket 'no-such-bucket'");
            Failed.by(() -> missing.find("a", null)).with(Code.NO_SUCH_PLACE);
            Failed.by(() -> missing.put("a", bytes(10), true)).with(Code.NO_SUCH_PLACE);
            Failed.by(() -> missing.read("a", null, 0, 10)).with(Code.NO_SUCH_PLACE);
        }
    }

    @Test
    void aLostAnswerToCompleteIsSettled() throws IOException {
        try (var way = MeddlingProxy.before(ceph.endpoint());
                var store = open(way.endpoint(), ceph.bucket(), ceph.accessKey(), ceph.secretKey());
                var upload = store.begin("a", _ -> {})) {
            way.next(1, MeddlingProxy.loseAnswer(), "POST ", "uploadId");
            upload.part(bytes(1000), 1000, _ -> {});

            assertThat(upload.complete().sizeBytes()).isEqualTo(1000);
            try (var in = store.read("a", null, 0, Long.MAX_VALUE)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes(1000));
            }
        }
    }
}
