package dev.otherix.backup.helm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Rendered manifests, read as strictly as a Kubernetes API server can be asked to: a key twice, a field that the kind
 * does not have, a number where a text belongs, or a kind that is not known here is an error.
 *
 * @param objects in their order
 */
public record Manifests(List<HasMetadata> objects) {

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Stream.of(
                    ConfigMap.class, Pod.class, Secret.class, StatefulSet.class, PodMonitor.class, PrometheusRule.class)
            .collect(Collectors.toMap(Class::getSimpleName, kind -> kind));

    private static final JsonMapper STRICT = strict();

    /** @param yaml null where a chart renders nothing at all */
    public static Manifests parse(@Nullable String yaml) {
        if (yaml == null) {
            return new Manifests(List.of());
        }
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        var objects = new ArrayList<HasMetadata>();
        for (var document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
            // what a template leaves out is an empty document
            if (document instanceof Map<?, ?> manifest) {
                objects.add(object(manifest));
            }
        }
        return new Manifests(List.copyOf(objects));
    }

    private static HasMetadata object(Map<?, ?> manifest) {
        Class<? extends HasMetadata> kind = KINDS.get(String.valueOf(manifest.get("kind")));
        if (kind == null) {
            throw new IllegalArgumentException("unexpected kind: " + manifest);
        }
        HasMetadata object = STRICT.convertValue(manifest, kind);
        if (!HasMetadata.getApiVersion(kind).equals(manifest.get("apiVersion"))) {
            throw new IllegalArgumentException("not the apiVersion of its kind: " + manifest);
        }
        return object;
    }

    /** Parts of manifests as YAML. */
    static String yaml(Object parts) {
        return new Yaml().dumpAsMap(new JsonMapper().convertValue(parts, Map.class));
    }

    List<String> kinds() {
        return objects.stream().map(HasMetadata::getKind).toList();
    }

    /** The one object of this kind. */
    public <T extends HasMetadata> T only(Class<T> kind) {
        var found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(found.size() + " of " + kind + " in " + kinds());
        }
        return found.getFirst();
    }

    /**
     * The model keeps fields that it does not know; without its any-setters they are unknown properties, and those are
     * refused.
     */
    private static JsonMapper strict() {
        return JsonMapper.builder()
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public Boolean hasAnySetter(Annotated any) {
                        return false;
                    }
                })
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .withCoercionConfig(
                        LogicalType.Textual,
                        texts -> Stream.of(
                                        CoercionInputShape.Integer,
                                        CoercionInputShape.Float,
                                        CoercionInputShape.Boolean)
                                .forEach(shape -> texts.setCoercion(shape, CoercionAction.Fail)))
                .build();
    }
}
