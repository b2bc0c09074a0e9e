package dev.otherix.backup.offsite.store;

import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;

/** The contract on Ceph's gateway. */
@NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
class CephContractIT extends S3Contract {

    @Override
    S3Server server() {
        return CephGateway.shared();
    }

    @Override
    String newBucket() {
        return CephGateway.shared().bucket();
    }
}
