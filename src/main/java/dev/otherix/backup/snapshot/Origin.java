package dev.otherix.backup.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a snapshot was made.
 *
 * @param etcd the member's report, null for a file that this service did not make
 * @param trigger what started the run, null for a file that this service did not make
 * @param requests the requests that the run answered, none for a scheduled one
 * @param history how far back its file reaches, with times that only the run knew; null for a file that this service
 *     did not make, and in the records of 0.1
 */
public record Origin(
        @Nullable MemberFacts etcd,
        @Nullable Trigger trigger,
        List<SnapshotRequest> requests,
        @Nullable History history) {

    static final Origin UNKNOWN = new Origin(null, null, List.of(), null);

    public Origin {
        requests = List.copyOf(requests);
    }
}
