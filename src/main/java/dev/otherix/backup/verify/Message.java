package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says whether a protobuf message has the fields that etcd reads from it, each of its type. */
final class Message {

    private static final int LONGEST_TEXT = 1 << 16;

    private Message() {}

    /** The type of a field; a field that is not listed is skipped. A text may be invalid, see {@link #hasTexts}. */
    sealed interface Kind {

        /** A type without fields. */
        enum Plain implements Kind {
            NUMBER,
            BYTES,
            TEXT
        }

        /** A message, with its fields by number. */
        record Nested(Map<Integer, Kind> fields) implements Kind {}
    }

    /** Whether the {@code length} bytes at {@code at} are a message of these fields. */
    static boolean is(Kind.Nested kind, BoltFile file, long at, long length) {
        var fields = new Fields(file).of(at, length);
        while (fields.next()) {
            if (!fits(kind.fields().get(fields.number()), file, fields)) {
                return false;
            }
        }
        return !fields.broken();
    }

    /** Whether all texts in a message of these fields are UTF-8, which etcd demands since 3.7. */
    static boolean hasTexts(Kind.Nested kind, BoltFile file, long at, long length) {
        var fields = new Fields(file).of(at, length);
        while (fields.next()) {
            if (kind.fields().get(fields.number()) == Kind.Plain.TEXT && !isText(file, fields)) {
                return false;
            }
        }
        return true;
    }

    /** The number in field {@code wanted}; the last one counts, 0 if there is none. */
    static long number(int wanted, BoltFile file, long at, long length) {
        var fields = new Fields(file).of(at, length);
        long found = 0;
        while (fields.next()) {
            if (fields.number() == wanted && fields.isNumber()) {
                found = fields.value();
            }
        }
        return found;
    }

    private static boolean fits(@Nullable Kind kind, BoltFile file, Fields fields) {
        return switch (kind) {
            case null -> true;
            case Kind.Plain.NUMBER -> fields.isNumber();
            case Kind.Plain.BYTES, Kind.Plain.TEXT -> fields.isBytes();
            case Kind.Nested nested -> fields.isBytes() && is(nested, file, fields.valueAt(), fields.value());
        };
    }

    private static boolean isText(BoltFile file, Fields fields) {
        // more is no name that anybody gave
        var bytes = file.copy(fields.valueAt(), Math.toIntExact(Math.min(fields.value(), LONGEST_TEXT)));
        return Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }
}
