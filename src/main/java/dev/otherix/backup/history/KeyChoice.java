package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import java.util.List;

/** Which keys a question is about. */
public sealed interface KeyChoice {

    /** One key. */
    record One(Key key) implements KeyChoice {

        @Override
        public boolean has(RowCursor row) {
            return key.isOf(row);
        }
    }

    /** The keys that begin with one of these. */
    record Below(List<Key> prefixes) implements KeyChoice {

        public Below {
            prefixes = List.copyOf(prefixes);
        }

        @Override
        public boolean has(RowCursor row) {
            return prefixes.stream().anyMatch(prefix -> prefix.begins(row));
        }
    }

    /** All keys. */
    KeyChoice ALL = new Below(List.of(Key.of("")));

    /** The keys that begin with one of these texts; without any, all keys. */
    static KeyChoice below(List<String> prefixes) {
        return prefixes.isEmpty()
                ? ALL
                : new Below(prefixes.stream().map(Key::of).toList());
    }

    /** Whether the key of the row is one of them. */
    boolean has(RowCursor row);
}
