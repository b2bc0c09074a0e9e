package dev.otherix.backup.restore;

import dev.otherix.backup.verify.RowCursor;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Some fields of a row of otherix, which is a JSON object. Their names are compared as Go does, whatever the case, and
 * underscores do not count: newer versions write {@code desired_phase} where others write {@code DesiredPhase}. The
 * other fields, among them secrets, are skipped and never kept.
 */
record RowFields(String id, Map<String, String> values) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> WANTED =
            Set.of("name", "kind", "state", "desiredphase", "pinnednodeid", "deletedat");
    private static final int LONGEST = 256;

    /** Empty if the value is no JSON object. */
    static Optional<RowFields> of(String id, RowCursor row) {
        var values = new HashMap<String, String>();
        try (var json = JSON.createParser(row.openValue())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = json.currentName().replace("_", "").toLowerCase(Locale.ROOT);
                var value = json.nextToken();
                if (!WANTED.contains(name)) {
                    json.skipChildren();
                } else if (value == JsonToken.VALUE_STRING) {
                    values.put(name, shortened(json.getString()));
                } else if (value == JsonToken.VALUE_NULL) {
                    values.remove(name);
                } else {
                    return Optional.empty();
                }
            }
            return Optional.of(new RowFields(id, values));
        } catch (JacksonException malformed) {
            // also where the bytes are no text: a file that cannot be read is reported in another way
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }

    /** The text of a field; empty if it is not there, null or empty. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    boolean deleted() {
        return text("deletedat").isPresent();
    }
}
