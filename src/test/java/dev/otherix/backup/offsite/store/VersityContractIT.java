package dev.otherix.backup.offsite.store;

import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The contract on versitygw. */
@NeedsObjectStore
class VersityContractIT {

    private static VersityGateway gateway;

    @BeforeAll
    static void starts() {
        gateway = VersityGateway.start();
    }

    @AfterAll
    static void ends() {
        gateway.close();
    }

    @Nested
    class WithoutVersions extends S3PlainContract {

        @Override
        S3Server server() {
            return gateway;
        }
    }

    @Nested
    class WithVersions extends S3VersionsContract {

        @Override
        S3Server server() {
            return gateway;
        }
    }

    @Nested
    class WithObjectLock extends S3LockContract {

        @Override
        S3Server server() {
            return gateway;
        }

        @Override
        boolean locksUploads() {
            return true;
        }
    }
}
