package dev.otherix.backup.cli;

import dev.otherix.backup.history.Key;
import tools.jackson.core.JsonGenerator;

/** What several commands write about a key in JSON. A key that is not UTF-8 is in Base64. */
final class KeyJson {

    private KeyJson() {}

    /** The field {@code key}, or {@code key_base64}. */
    static void field(JsonGenerator json, Key key) {
        key.text().ifPresentOrElse(text -> json.writeStringProperty("key", text), () -> base64(json, key));
    }

    /** An element of a list: a text, or an object with {@code key_base64}. */
    static void element(JsonGenerator json, Key key) {
        key.text().ifPresentOrElse(json::writeString, () -> {
            json.writeStartObject();
            base64(json, key);
            json.writeEndObject();
        });
    }

    /** The field {@code lease}: its id in hex, or null. */
    static void lease(JsonGenerator json, long lease) {
        if (lease == 0) {
            json.writeNullProperty("lease");
        } else {
            json.writeStringProperty("lease", Long.toHexString(lease));
        }
    }

    private static void base64(JsonGenerator json, Key key) {
        json.writeName("key_base64");
        json.writeBinary(key.bytes());
    }
}
