package dev.otherix.backup.realetcd;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints at the end of a test JVM, which may have had a plan for each class, which tests were not run, and why: a build
 * that is green because nothing ran must not look like one that proved something. Registered as a service of the JUnit
 * platform.
 */
public final class NotRunListener implements LauncherSessionListener, TestExecutionListener {

    private final Supplier<PrintStream> out;
    private final List<String> notRun = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable TestPlan plan;

    /** For the JUnit platform: prints to standard output. */
    public NotRunListener() {
        this(() -> System.out);
    }

    NotRunListener(Supplier<PrintStream> out) {
        this.out = out;
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            add(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (!notRun.isEmpty()) {
            out.get().println("Not run: " + notRun.size() + "\n  " + String.join("\n  ", notRun));
        }
    }

    private void add(TestIdentifier test, String reason) {
        leaves(test).forEach(leaf -> notRun.add(name(leaf) + ": " + reason));
    }

    private Stream<TestIdentifier> leaves(TestIdentifier test) {
        var known = plan;
        Set<TestIdentifier> children = known == null ? Set.of() : known.getChildren(test);
        return children.isEmpty() ? Stream.of(test) : children.stream().flatMap(this::leaves);
    }

    private static String name(TestIdentifier test) {
        return switch (test.getSource().orElse(null)) {
            case MethodSource method -> {
                var owner = method.getJavaClass().getSimpleName() + "." + method.getMethodName();
                var plain = test.getDisplayName().startsWith(method.getMethodName() + "(");
                yield plain ? owner : owner + " " + test.getDisplayName();
            }
            case ClassSource type -> type.getJavaClass().getSimpleName();
            case null, default -> test.getDisplayName();
        };
    }
}
