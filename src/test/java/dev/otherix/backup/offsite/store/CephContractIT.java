package dev.otherix.backup.offsite.store;

import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import org.junit.jupiter.api.Nested;

/** The contract on Ceph's gateway. */
@NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
class CephContractIT {

    @Nested
    class WithoutVersions extends S3PlainContract {

        @Override
        S3Server server() {
            return CephGateway.shared();
        }
    }

    @Nested
    class WithVersions extends S3VersionsContract {

        @Override
        S3Server server() {
            return CephGateway.shared();
        }
    }

    @Nested
    class WithObjectLock extends S3LockContract {

        @Override
        S3Server server() {
            return CephGateway.shared();
        }

        /** It drops it without a word. */
        @Override
        boolean locksUploads() {
            return false;
        }
    }
}
