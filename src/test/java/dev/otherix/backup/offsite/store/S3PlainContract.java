package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** The contract of a bucket that has nothing switched on, on a real server. */
abstract class S3PlainContract extends S3Contract {

    @Override
    String newBucket() {
        return server().bucket();
    }

    @Test
    void aBucketWithoutObjectLockSaysWhatItLacks() {
        var lock = new ObjectLock(Mode.GOVERNANCE, Instant.now().plus(2, ChronoUnit.DAYS));
        String[] words = {"'" + bucket + "' has no object lock", "make a new bucket", "remove offsite.lock"};

        Failed.by(() -> store.put("p/b", bytes(1), true, lock)).with(Code.REFUSED, words);

        // some have stored it all the same
        store.put("p/b", bytes(1), false);
        Failed.by(() -> store.lock("p/b", null, lock)).with(Code.REFUSED, words);
        assertThat(store.protection("p/b", null)).isEqualTo(Protection.NONE);
        Failed.by(store::requireLocks).with(Code.REFUSED, words);
    }
}
