package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class NeedsTests {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aTestWhoseNeedIsMissingIsListedByNameWithTheReason() {
        var summary = run(OneOfTwoIsMissing.class, "");

        assertThat(summary.getTestsFailedCount()).isZero();
        assertThat(summary.getTestsSucceededCount()).isOne();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("Not run: 1", "  OneOfTwoIsMissing.neverRuns: needs no-such-program: not on PATH");
    }

    @Test
    void everyTestOfAClassWhoseNeedIsMissingIsListed() {
        var summary = run(AllAreMissing.class, "");

        assertThat(summary.getTestsStartedCount()).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "Not run: 2",
                        "  AllAreMissing.first: needs no-such-program: not on PATH",
                        "  AllAreMissing.second: needs no-such-program: not on PATH");
    }

    @Test
    void whereCompletenessIsDemandedAMissingNeedFails() {
        var summary = run(OneOfTwoIsMissing.class, "complete");

        assertThat(summary.getTestsSucceededCount()).isOne();
        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.getException()).hasMessageContaining("needs no-such-program: not on PATH"));
        assertThat(printed.size()).isZero();
    }

    @Test
    void aLineThatIsMissingIsAnInvocationThatWasNotRun() {
        var summary = run(NoSuchLine.class, "");

        assertThat(summary.getTestsAbortedCount()).isOne();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("NoSuchLine.neverRuns [1] ", "etcd 9.9", ": needs etcd 9.9: ");
    }

    @Test
    void whereCompletenessIsDemandedAMissingLineFails() {
        var summary = run(NoSuchLine.class, "complete");

        assertThat(summary.getTestsFailedCount()).isOne();
        assertThat(summary.getFailures().getFirst().getException()).hasMessageContaining("needs etcd 9.9: ");
    }

    @Test
    void whereOneEtcdIsDemandedAMissingLineIsListedAndAMissingProgramFails() {
        assertThat(run(NoSuchLine.class, "one-etcd").getTestsAbortedCount()).isOne();
        assertThat(run(NoSuchLineOfAll.class, "one-etcd").getFailures()).isEmpty();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("NoSuchLineOfAll.neverRuns: needs etcd 9.9: ");
        assertThat(run(OneOfTwoIsMissing.class, "one-etcd").getTestsFailedCount())
                .isOne();
    }

    @Test
    void whatNeedsRootIsDemandedOfRootAlone() {
        var demanded = new Completeness(true, true);

        assertThat(demanded.of(true, false)).isEqualTo(new Completeness(false, false));
        assertThat(demanded.of(true, true)).isEqualTo(demanded);
        assertThat(demanded.of(false, false)).isEqualTo(demanded);
        assertThat(demanded.of(false, true)).isEqualTo(demanded);
        assertThat(run(RootWithoutTheProgram.class, "complete").getTestsFailedCount())
                .isEqualTo(ThisUser.of().isRoot() ? 1 : 0);
    }

    @Test
    void aTestThatNeedsRootIsListedWhereThisIsAnotherUser() {
        var summary = run(OnlyRoot.class, "complete");

        assertThat(summary.getTestsSucceededCount()).isEqualTo(ThisUser.of().isRoot() ? 1 : 0);
        assertThat(printed.toString(StandardCharsets.UTF_8).contains("OnlyRoot.runs: needs root: run as "))
                .isEqualTo(!ThisUser.of().isRoot());
    }

    @Test
    void anUnknownWordForCompletenessIsRefused() {
        assertThatThrownBy(() -> Completeness.parse("yes"))
                .hasMessage(
                        "OTHERIX_BACKUP_TESTS: 'yes' means nothing here; set it to 'complete', to 'one-etcd' or not at all");
    }

    private TestExecutionSummary run(Class<?> tests, String completeness) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameter(Completeness.PARAMETER, completeness)
                .build();
        var summary = new SummaryGeneratingListener();
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        // without registration the surrounding build's own list stays free of these
        var alone = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .addTestExecutionListeners(summary)
                .addLauncherSessionListeners(new NotRunListener(() -> out))
                .build();
        LauncherFactory.create(alone).execute(request);
        return summary.getSummary();
    }

    static final class OneOfTwoIsMissing {

        @Test
        void runs() {
            // that it succeeds is the point
        }

        @Test
        @NeedsProgram("no-such-program")
        void neverRuns() {
            throw new AssertionError("ran");
        }
    }

    @NeedsProgram({"sh", "no-such-program"})
    static final class AllAreMissing {

        @Test
        void first() {
            throw new AssertionError("ran");
        }

        @Test
        void second() {
            throw new AssertionError("ran");
        }
    }

    static final class OnlyRoot {

        @Test
        @NeedsRoot
        void runs() {
            assertThat(ThisUser.of().isRoot()).isTrue();
        }
    }

    static final class RootWithoutTheProgram {

        @Test
        @Tag(NeedsRoot.TAG)
        @NeedsProgram("no-such-program")
        void neverRuns() {
            throw new AssertionError("ran");
        }
    }

    @NeedsEtcd(line = "9.9")
    static final class NoSuchLineOfAll {

        @Test
        void neverRuns() {
            throw new AssertionError("ran");
        }
    }

    static final class NoSuchLine {

        @ParameterizedTest
        @EtcdLines("9.9")
        void neverRuns(EtcdHome home) {
            throw new AssertionError("ran on " + home);
        }
    }
}
