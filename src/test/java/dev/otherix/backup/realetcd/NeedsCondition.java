package dev.otherix.backup.realetcd;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps a test from running when what its {@code @Needs} annotations name is missing. The test is reported as skipped
 * with the reason, and fails with it where {@link Completeness} is demanded.
 */
final class NeedsCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var completeness = Completeness.of(context);
        var missing = context.getElement().flatMap(NeedsCondition::firstMissing);
        return missing.isPresent()
                ? completeness.decide(missing)
                : completeness.decideForLine(context.getElement().flatMap(NeedsCondition::missingLine));
    }

    private static Optional<String> firstMissing(AnnotatedElement element) {
        Stream<Function<AnnotatedElement, Optional<String>>> needs = Stream.of(
                it -> findAnnotation(it, NeedsRoot.class)
                        .flatMap(_ -> ThisUser.of().withoutRoot()),
                it -> findAnnotation(it, NeedsEtcd.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsEtcdutl.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsProgram.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsTmpfs.class).flatMap(_ -> Tmpfs.missing()),
                it -> findAnnotation(it, NeedsDebianPackage.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsContainerEngine.class).flatMap(NeedsCondition::missing));
        return needs.flatMap(need -> need.apply(element).stream()).findFirst();
    }

    private static Optional<String> missingLine(AnnotatedElement element) {
        return findAnnotation(element, NeedsEtcd.class).stream()
                .flatMap(need -> Arrays.stream(need.line()))
                .filter(line -> EtcdHomes.line(line).isEmpty())
                .map(EtcdHomes::missing)
                .findFirst();
    }

    private static Optional<String> missing(NeedsEtcd need) {
        return EtcdHomes.all().isEmpty() ? Optional.of("needs etcd: none found") : Optional.empty();
    }

    private static Optional<String> missing(NeedsEtcdutl need) {
        return EtcdHomes.all().stream().findFirst().filter(EtcdHome::hasEtcdutl).isPresent()
                ? Optional.empty()
                : Optional.of("needs etcdutl: not among " + EtcdHomes.all());
    }

    private static Optional<String> missing(NeedsProgram need) {
        var path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(need.value())
                .filter(program -> Arrays.stream(path.split(":"))
                        .noneMatch(directory -> Files.isExecutable(Path.of(directory, program))))
                .map(program -> "needs " + program + ": not on PATH")
                .findFirst();
    }

    private static Optional<String> missing(NeedsDebianPackage need) {
        return DebianPackage.built().isPresent()
                ? Optional.empty()
                : Optional.of("needs the Debian package: not in target, build with -Pdeb");
    }

    private static Optional<String> missing(NeedsContainerEngine need) {
        return ContainerEngine.answers() ? Optional.empty() : Optional.of("needs a container engine: none answers");
    }
}
