package dev.otherix.backup.restore;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a drill ended. By then nothing of it is left: no process, socket or directory. */
public sealed interface DrillOutcome {

    /** How long it took. */
    Duration took();

    /** The version of the etcd that was asked for; empty if none was, or if it did not say one. */
    Optional<String> etcdVersion();

    /**
     * The snapshot was restored and is proven.
     *
     * @param etcdVersion of the etcd that served it; empty if none was started
     * @param revision of the snapshot
     * @param liveKeys at that revision
     * @param hashKv etcd's HashKV at that revision
     * @param notes what was not as it should be, and does not matter for the snapshot
     */
    record Passed(
            Duration took, Optional<String> etcdVersion, long revision, long liveKeys, long hashKv, List<String> notes)
            implements DrillOutcome {}

    /**
     * The snapshot could not be restored, or an etcd does not serve what is in it.
     *
     * @param detail what happened and what to do, without any path of this host and without any value of a key
     */
    record Failed(Duration took, Optional<String> etcdVersion, String detail) implements DrillOutcome {}

    /**
     * Nothing is known about the snapshot.
     *
     * @param detail why, and what to do; like that of a failure
     */
    record Skipped(Duration took, Optional<String> etcdVersion, String detail) implements DrillOutcome {}
}
