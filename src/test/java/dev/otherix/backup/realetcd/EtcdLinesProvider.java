package dev.otherix.backup.realetcd;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Gives a test each line's home, and keeps the invocations without one from running. */
final class EtcdLinesProvider implements ArgumentsProvider, InvocationInterceptor {

    private static final Path NOWHERE = Path.of("no-such-etcd");

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        var lines = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), EtcdLines.class)
                .orElseThrow();
        return Arrays.stream(lines.value())
                .map(line -> EtcdHomes.line(line).orElseGet(() -> new EtcdHome(NOWHERE, line, "missing")))
                .map(home -> Arguments.of(Named.of(home.toString(), home)));
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        for (var argument : call.getArguments()) {
            if (argument instanceof EtcdHome home && home.dir().equals(NOWHERE)) {
                var reason = EtcdHomes.missing(home.version());
                Completeness.of(context).decideForLine(Optional.of(reason));
                throw new TestAbortedException(reason);
            }
        }
        invocation.proceed();
    }
}
