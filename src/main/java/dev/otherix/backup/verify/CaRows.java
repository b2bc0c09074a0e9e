package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records, while the rows are read in order, the position of the newest row of each otherix cluster CA, and of the key
 * that names the active one.
 */
final class CaRows {

    private static final byte[] ACTIVE = CaRow.ACTIVE_KEY.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CERTIFICATE = CaRow.PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 1000;
    private static final int LONGEST_ID = 128;

    private final BoltFile file;
    private final Map<String, Place> certificates = new HashMap<>();
    private @Nullable Place active;

    /** The position of a value. */
    record Place(long at, long length) {}

    CaRows(BoltFile file) {
        this.file = file;
    }

    /** The newest row of its key so far. */
    void see(KeyValue row, boolean deletion) {
        if (row.keyLength < CERTIFICATE.length || row.keyLength > CERTIFICATE.length + LONGEST_ID) {
            return;
        }
        if (startsWith(row.keyAt, CERTIFICATE)) {
            var id = text(row.keyAt + CERTIFICATE.length, row.keyLength - CERTIFICATE.length);
            if (deletion) {
                certificates.remove(id);
            } else if (certificates.size() < MOST || certificates.containsKey(id)) {
                certificates.put(id, new Place(row.valueAt, row.valueLength));
            }
        } else if (row.keyLength == ACTIVE.length && startsWith(row.keyAt, ACTIVE)) {
            active = deletion ? null : new Place(row.valueAt, row.valueLength);
        }
    }

    /** The row that names the active CA. */
    Optional<String> activeId() {
        return Optional.ofNullable(active)
                .filter(place -> place.length() <= LONGEST_ID)
                .map(place -> text(place.at(), place.length()));
    }

    /** The row of the CA with this id. */
    Optional<Place> row(String id) {
        return Optional.ofNullable(certificates.get(id));
    }

    private boolean startsWith(long at, byte[] prefix) {
        // from the end: most keys of otherix have the same beginning
        for (var i = prefix.length - 1; i >= 0; i--) {
            if (file.i8(at + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private String text(long at, long length) {
        return file.text(at, Math.toIntExact(length));
    }
}
