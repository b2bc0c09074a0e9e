package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import org.jspecify.annotations.Nullable;

/**
 * The body of a report that a transaction of etcd was undone.
 *
 * @param undoneRevision the revision of the transaction that was undone
 * @param revision the revision of the one that undid it; null if it is not known, because the answer to it was lost
 * @param puts how many keys it put
 * @param deletes how many keys it deleted
 */
record UndoneTransaction(
        @Nullable Long undoneRevision,
        @Nullable Long revision,
        @Nullable Integer puts,
        @Nullable Integer deletes) {

    /** @throws ApiFailure naming the field that is wrong */
    AuditedRequest.Undone checked() {
        if (undoneRevision == null || undoneRevision < 1) {
            throw ApiFailure.invalid("undone_revision", "must be the revision of a transaction, 1 or more");
        }
        if (revision != null && revision <= undoneRevision) {
            throw ApiFailure.invalid("revision", "must be above undone_revision, or null if it is not known");
        }
        var written = count("puts", puts) + count("deletes", deletes);
        if (written == 0) {
            throw ApiFailure.invalid("deletes", "must be 1 or more where puts is 0: it wrote something");
        }
        return new AuditedRequest.Undone(undoneRevision, revision, count("puts", puts), count("deletes", deletes));
    }

    private static long count(String field, @Nullable Integer count) {
        if (count == null || count < 0) {
            throw ApiFailure.invalid(field, "must be a number of keys, 0 or more");
        }
        return count;
    }
}
