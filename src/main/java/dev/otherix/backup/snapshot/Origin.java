package dev.otherix.backup.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a snapshot was made.
 *
 * @param etcd the member's report, null for a file that this service did not make
 * @param trigger what started the run, null for a file that this service did not make
 * @param requests the requests that the run answered, none for a scheduled one
 */
public record Origin(@Nullable MemberFacts etcd, @Nullable Trigger trigger, List<SnapshotRequest> requests) {

    static final Origin UNKNOWN = new Origin(null, null, List.of());

    public Origin {
        requests = List.copyOf(requests);
    }
}
