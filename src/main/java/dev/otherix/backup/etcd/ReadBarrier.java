package dev.otherix.backup.etcd;

import dev.otherix.backup.snapshot.Consistency;

/** Whether a member is known to have applied every write that was acknowledged before the question. */
public sealed interface ReadBarrier {

    /**
     * It has: a snapshot that it starts now holds them all.
     *
     * @param revision revision of its key space at that moment; the snapshot's revision is not lower
     */
    record Linearizable(long revision) implements ReadBarrier {}

    /**
     * It could not be confirmed: a snapshot holds only what this member knows.
     *
     * @param reason why not
     */
    record Local(Consistency.Reason reason) implements ReadBarrier {}
}
