package dev.otherix.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.otherix.backup.access.Problem;
import dev.otherix.backup.snapshot.Snapshot;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;

/**
 * Brings the schemas in line with the JSON that is really sent: names in snake_case, every field of an answer there,
 * and those that may be null saying so. All of it is read off the records.
 */
final class RecordSchemas {

    private static final List<Class<?>> ANSWERS = List.of(
            Snapshot.class,
            TaskView.class,
            StatusView.class,
            Problem.Envelope.class,
            TaskAnswer.Accepted.class,
            ProbeController.Health.class,
            ProbeController.Readiness.class);
    private static final Map<String, List<String>> WORDS = Map.of(
            "Problem.code",
                    Arrays.stream(ErrorCode.values()).map(ErrorCode::word).toList(),
            "TaskView.status", List.of("pending", "running", "success", "failed"),
            "Accepted.status", List.of("pending", "running", "success", "failed"),
            "Caller.scope", List.of("read", "operate", "admin"),
            "Attempt.outcome", List.of("success", "local", "failure"),
            "SnapshotOrder.consistency", List.of("linearizable", "local"));

    private final Components components;
    private final PropertyNamingStrategies.SnakeCaseStrategy snakeCase =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    RecordSchemas(Components components) {
        this.components = components;
    }

    void complete() {
        ModelConverters.getInstance(true).readAll(TaskAnswer.Accepted.class).forEach(components::addSchemas);
        ModelConverters.getInstance(true).readAll(Problem.Envelope.class).forEach(components::addSchemas);
        var records = new LinkedHashSet<Class<?>>();
        ANSWERS.forEach(answer -> collect(answer, records));
        records.forEach(record -> complete(schema(record.getSimpleName()), record, true));
        for (var page : List.of("PageSnapshot", "PageTaskView")) {
            schema(page).required(List.of("data", "meta"));
        }
        complete(schema("Meta"), Page.Meta.class, true);
        body("SnapshotOrder", SnapshotOrder.class);
        schema("SnapshotOrder").getProperties().get("reason").maxLength(200);
        body("Change", SnapshotsController.Change.class);
        schema("Change").required(List.of("pinned"));
        body("UndoneTransaction", UndoneTransaction.class);
        schema("UndoneTransaction").required(List.of("undone_revision", "puts", "deletes"));
        components.addSchemas("Mark", mark());
        components.addSchemas("ErrorEnvelope", components.getSchemas().remove("Envelope"));
        components.setSchemas(new LinkedHashMap<>(new TreeMap<>(components.getSchemas())));
    }

    /** A time and a revision. */
    private static Schema<?> mark() {
        var time = new Schema<>();
        time.setTypes(Set.of("string"));
        time.format("date-time");
        var revision = new Schema<>();
        revision.setTypes(Set.of("integer"));
        revision.format("int64");
        Schema<?> pair = new Schema<>();
        pair.setTypes(Set.of("array"));
        pair.setPrefixItems(List.of(time, revision));
        return pair.minItems(2).maxItems(2);
    }

    /** A body may leave a field out; nobody needs to write null. */
    private void body(String name, Class<?> record) {
        complete(schema(name), record, false);
        schema(name).required(null).additionalProperties(false);
    }

    private Schema<?> schema(String name) {
        Schema<?> schema = components.getSchemas().get(name);
        if (schema == null) {
            throw new AssertionError(
                    "no schema " + name + " among " + components.getSchemas().keySet());
        }
        return schema;
    }

    private void complete(Schema<?> schema, Class<?> record, boolean withNull) {
        var properties = new LinkedHashMap<String, Schema<?>>();
        var required = new ArrayList<String>();
        for (var component : fields(record).toList()) {
            var name = snakeCase.nameForField(null, null, component.getName());
            var property = schema.getProperties()
                    .getOrDefault(component.getName(), schema.getProperties().get(name));
            var words = WORDS.get(record.getSimpleName() + "." + component.getName());
            if (words != null) {
                property = withWords(property, words);
            }
            var leftOut = component.getAccessor().isAnnotationPresent(JsonInclude.class);
            properties.put(name, withNull && nullable(component) && !leftOut ? orNull(property) : property);
            if (!leftOut) {
                required.add(name);
            }
        }
        schema.setProperties(new LinkedHashMap<>(properties));
        schema.required(required);
    }

    @SuppressWarnings("unchecked")
    private static Schema<?> withWords(Schema<?> property, List<String> words) {
        ((Schema<Object>) property).setEnum(new ArrayList<>(words));
        return property;
    }

    private static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    @SuppressWarnings("unchecked")
    private static Schema<?> orNull(Schema<?> property) {
        if (property.get$ref() != null) {
            var none = new Schema<>();
            none.setTypes(Set.of("null"));
            return new Schema<>().anyOf(List.of(property, none));
        }
        var types = new LinkedHashSet<>(property.getTypes());
        types.add("null");
        property.setTypes(types);
        if (property.getEnum() != null && !property.getEnum().contains(null)) {
            ((Schema<Object>) property).getEnum().add(null);
        }
        return property;
    }

    /** Its fields in JSON: those of a part that is unwrapped stand among the others. */
    private static Stream<RecordComponent> fields(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? fields(component.getType())
                        : Stream.of(component));
    }

    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof ParameterizedType parameterized) {
            Arrays.stream(parameterized.getActualTypeArguments()).forEach(argument -> collect(argument, into));
        } else if (type instanceof Class<?> found
                && found.isRecord()
                && !found.getSimpleName().equals("SnapshotName")
                && into.add(found)) {
            fields(found).map(RecordComponent::getGenericType).forEach(component -> collect(component, into));
        }
    }
}
