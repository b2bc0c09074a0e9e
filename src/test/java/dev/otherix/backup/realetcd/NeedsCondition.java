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
        return Completeness.of(context).decide(context.getElement().flatMap(NeedsCondition::firstMissing));
    }

    private static Optional<String> firstMissing(AnnotatedElement element) {
        Stream<Function<AnnotatedElement, Optional<String>>> needs = Stream.of(
                it -> findAnnotation(it, NeedsEtcd.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsEtcdutl.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsProgram.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsTmpfs.class).flatMap(_ -> Tmpfs.missing()),
                it -> findAnnotation(it, NeedsDebianPackage.class).flatMap(NeedsCondition::missing),
                it -> findAnnotation(it, NeedsContainerEngine.class).flatMap(NeedsCondition::missing));
        return needs.flatMap(need -> need.apply(element).stream()).findFirst();
    }

    private static Optional<String> missing(NeedsEtcd need) {
        if (need.line().length == 0 && EtcdHomes.all().isEmpty()) {
            return Optional.of("needs etcd: none found");
        }
        return Arrays.stream(need.line())
                .filter(line -> EtcdHomes.line(line).isEmpty())
                .map(EtcdHomes::missing)
                .findFirst();
    }

    private static Optional<String> missing(NeedsEtcdutl need) {
        Optional<EtcdHome> home = need.line().isEmpty()
                ? EtcdHomes.all().stream().findFirst()
                : EtcdHomes.line(need.line());
        String wanted = need.line().isEmpty() ? "etcdutl" : "etcdutl " + need.line();
        return home.filter(EtcdHome::hasEtcdutl).isPresent()
                ? Optional.empty()
                : Optional.of("needs " + wanted + ": not among " + EtcdHomes.all());
    }

    private static Optional<String> missing(NeedsProgram need) {
        String path = System.getenv().getOrDefault("PATH", "");
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
