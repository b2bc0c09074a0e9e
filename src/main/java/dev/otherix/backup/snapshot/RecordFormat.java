package dev.otherix.backup.snapshot;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A record's JSON: snake_case, RFC 3339 UTC times, absent facts as null. The API answers the same object. */
final class RecordFormat {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // a record written by a later version has fields that this one does not know
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RecordFormat() {}

    static byte[] write(Snapshot snapshot) {
        return JSON.writeValueAsBytes(snapshot);
    }

    /** @throws DamagedRecord where the bytes are no record */
    static Snapshot read(byte[] record) {
        try {
            return JSON.readValue(record, Snapshot.class);
        } catch (JacksonException | NullPointerException notARecord) {
            throw new DamagedRecord(notARecord);
        }
    }

    static final class DamagedRecord extends RuntimeException {

        DamagedRecord(Throwable cause) {
            super(cause);
        }
    }
}
