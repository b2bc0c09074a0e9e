package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltReport;
import java.util.ArrayList;
import java.util.List;

/**
 * A note about a file that does not make it bad.
 *
 * @param code a stable word, for programs; the documentation of verification lists them
 * @param message what was found, and what to do about it; never the value of a key
 */
public record Remark(String code, String message) {

    /** @param leaseless how many live keys have a lease that does not exist */
    static List<Remark> of(BoltReport structure, RowCheck rowCheck, long leaseless) {
        var all = new ArrayList<Remark>();
        if (structure.tornMeta() != null) {
            all.add(new Remark("meta_torn", structure.tornMeta()));
        }
        all.addAll(rowCheck.store().remarks());
        var leases = rowCheck.store().leases();
        if (leaseless > 0) {
            all.add(new Remark(
                    "lease_missing",
                    leaseless + " live keys have a lease that is not in the file; after a restore they never expire"));
        } else if (rowCheck.leased() && leases > LeaseIds.MOST) {
            all.add(new Remark(
                    "leases_not_compared",
                    "the file has " + leases + " leases, and leases of keys are looked up among " + LeaseIds.MOST
                            + " at most"));
        }
        return List.copyOf(all);
    }
}
