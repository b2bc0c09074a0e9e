package dev.otherix.backup.etcd;

import dev.otherix.backup.snapshot.Consistency;

/** Whether a member is known to have applied every write that was acknowledged before it was asked. */
public sealed interface ReadBarrier {

    /**
     * It has: a snapshot that it starts from now on holds them all.
     *
     * @param revision revision of its key space at that moment; the snapshot's is not lower
     */
    record Linearizable(long revision) implements ReadBarrier {}

    /**
     * That could not be confirmed: a snapshot of it is only what this member happens to know.
     *
     * @param reason why not
     */
    record Local(Consistency.Reason reason) implements ReadBarrier {}
}
