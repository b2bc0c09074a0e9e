package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;

/**
 * One change of one key: a put, or a deletion. Not its value.
 *
 * @param revision of its transaction
 * @param version how often the key was put since it was created; 0 for a deletion
 * @param lease the id of the key's lease, 0 for none
 * @param sizeBytes of the value; 0 for a deletion
 */
public record Change(Key key, long revision, Op op, long version, long lease, long sizeBytes) {

    /** What a change does. */
    public enum Op {
        PUT,
        DELETE;

        static Op of(RowCursor row) {
            return row.deletion() ? DELETE : PUT;
        }
    }

    static Change of(RowCursor row) {
        return new Change(Key.of(row), row.revision(), Op.of(row), row.version(), row.lease(), row.valueLength());
    }
}
