package dev.otherix.backup.realprometheus;

import dev.otherix.backup.realetcd.Completeness;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps a test from running where there is no Prometheus; fails it where every test is demanded. */
final class PrometheusCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Completeness.of(context).decide(PrometheusHomes.missing());
    }
}
