package dev.otherix.backup.realstores;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import dev.otherix.backup.realetcd.Completeness;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps a test from running when a store that it needs is missing, or fails it where completeness is demanded. */
final class ObjectStoreCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Completeness.of(context)
                .decide(findAnnotation(context.getElement(), NeedsObjectStore.class)
                        .flatMap(need -> Arrays.stream(need.value())
                                .map(ObjectStoreCondition::missing)
                                .flatMap(Optional::stream)
                                .findFirst()));
    }

    private static Optional<String> missing(NeedsObjectStore.Kind kind) {
        return switch (kind) {
            case VERSITY -> VersityGateway.missing();
            case CEPH -> CephGateway.missing();
        };
    }
}
