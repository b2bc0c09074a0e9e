package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.util.Optional;

/** Finds the active cluster CA among the rows of a file. */
final class CaReader {

    private final BoltFile file;
    private final CaRows rows;

    CaReader(BoltFile file, CaRows rows) {
        this.file = file;
        this.rows = rows;
    }

    ActiveCa active() {
        var id = rows.activeId();
        if (id.isEmpty()) {
            return new ActiveCa(null, "the snapshot names no active cluster CA");
        }
        var place = rows.row(id.get());
        if (place.isEmpty()) {
            return new ActiveCa(null, "the snapshot has no row of the cluster CA that it names as active, " + id.get());
        }
        return CaRow.active(json(place.get()));
    }

    /** The pair of the active CA; empty if its row does not have both. */
    Optional<CaPair> pair() {
        var place = rows.activeId().flatMap(rows::row);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        return CaRow.pair(json(place.get()));
    }

    private byte[] json(CaRows.Place place) {
        return file.copy(place.at(), Math.toIntExact(place.length()));
    }
}
