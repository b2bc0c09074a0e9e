package dev.otherix.backup.snapshot;

import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * A record's JSON: snake_case, RFC 3339 UTC times, absent facts as null. The API answers the same object. Reading is
 * strict: a value of another type is damage, because a pin read wrongly would release a snapshot.
 */
public final class RecordFormat {

    /** The maximum size of a record; a larger file is damaged. It has room for some ten thousand shared requests. */
    public static final int MAX_BYTES = 4 << 20;

    public static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // a record of a later version has fields that this one does not know
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RecordFormat() {}

    static byte[] write(Snapshot snapshot) {
        return JSON.writeValueAsBytes(snapshot);
    }

    /** @throws DamagedRecord if the bytes are not a record */
    static Snapshot read(byte[] record) {
        try {
            return Objects.requireNonNull(JSON.readValue(record, Snapshot.class), "null is no record");
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
