package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.verify.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A drill with programs in the place of etcd that do not behave: each is a clear outcome, and leaves nothing. */
@AnyEtcd
@NeedsEtcd
@Timeout(120)
class DrillProgramsIT {

    private static final DrillLimits QUICK =
            new DrillLimits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(300));

    @TempDir
    private static Path shared;

    private static EtcdHome home;
    private static Path snapshot;

    @TempDir
    private Path dir;

    private Path scratch;

    @BeforeAll
    static void takeASnapshot() {
        home = EtcdHomes.first();
        snapshot = shared.resolve("otherix-20260606T031500Z.db");
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(50);
            etcd.etcdctl("snapshot", "save", snapshot.toString());
        }
    }

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(dir.resolve("scratch"));
    }

    private DrillScene drill(String script) throws IOException {
        return drill(DrillScene.program(dir.resolve("etcd"), script));
    }

    private DrillScene drill(Path program) {
        return new DrillScene(snapshot, scratch).etcd(program);
    }

    /** A program that knows its version, and does this with any other arguments. */
    private static String with(String script) {
        return """
                etcd=%s
                if [ "$1" = --version ]; then exec "$etcd" --version; fi
                %s
                """.formatted(home.etcd(), script);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 3 | is no etcd: with --version it prints none
            echo 'etcd Version: something' | is no etcd: with --version it prints none
            sleep 100 | did not print its version within 2 s
            while :; do echo 'etcd Version: no'; done | did not print its version within 2 s
            trap '' TERM; sleep 100 & sleep 100 | did not print its version within 2 s
            setsid sleep 100 & exit 0 | is no etcd
            """)
    void whatDoesNotSayItsVersionIsNoEtcd(String script, String detail) throws IOException {
        assertThat(drill(script).limits(QUICK).run())
                .asInstanceOf(type(DrillOutcome.Skipped.class))
                .satisfies(skipped -> {
                    assertThat(skipped.detail()).contains(detail, "name an etcd in drill.etcd");
                    assertThat(skipped.etcdVersion()).isEmpty();
                });
    }

    @Test
    void whatCannotBeStartedIsNoFailureOfTheSnapshot() throws IOException {
        assertThat(DrillScene.detail(drill(dir.resolve("none")).run()))
                .isEqualTo("there is no etcd to start: the file that drill.etcd names does not exist; install an etcd,"
                        + " and name it in drill.etcd");
        var closed = Files.writeString(dir.resolve("closed"), "#!/bin/sh\n");
        assertThat(DrillScene.detail(drill(closed).run())).contains("may not be executed", "chmod a+rx");
        var garbage = Files.write(dir.resolve("garbage"), new byte[] {0x7f, 'E', 'L', 'F', 9, 9, 9});
        Files.setPosixFilePermissions(garbage, PosixFilePermissions.fromString("rwx------"));
        assertThat(DrillScene.detail(drill(garbage).run())).contains("drill.etcd names", "name an etcd");
        var orphan = Files.writeString(dir.resolve("orphan"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(orphan, PosixFilePermissions.fromString("rwx------"));
        assertThat(DrillScene.detail(drill(orphan).run()))
                .isEqualTo("the program that drill.etcd names cannot be started: No such file or directory; name an"
                        + " etcd for this machine in drill.etcd");
    }

    @Test
    void oneOfALineThatIsNotKnownIsNotStarted() throws IOException {
        var outcome = drill("""
                if [ "$1" = --version ]; then echo 'etcd Version: 3.8.0'; exit 0; fi
                exit 3""").run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(outcome.etcdVersion()).hasValue("3.8.0");
        assertThat(DrillScene.detail(outcome))
                .matches("etcd 3\\.8\\.0 is of a line that this program does not know yet; name an etcd 3\\.\\d in"
                        + " drill\\.etcd");
    }

    @Test
    void oneThatEndsAtOnceFailsWithItsLastWords() throws IOException {
        var outcome = drill(with("""
                        echo '{"level":"info","msg":"a routine"}'
                        echo '{"level":"fatal","msg":"cannot open '"$PWD"'/data/member","error":"it is broken"}'
                        exit 7""")).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(outcome.etcdVersion()).hasValue(home.version());
        assertThat(DrillScene.detail(outcome))
                .isEqualTo("etcd " + home.version() + " ended with exit code 7 before it served the snapshot: cannot"
                        + " open .otherix-etcd-backup.drill/data/member: it is broken");
    }

    @Test
    void oneThatNeverServesFailsInTime() throws IOException {
        var outcome =
                drill(with("echo waiting for nothing; sleep 100")).limits(QUICK).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Failed.class);
        assertThat(DrillScene.detail(outcome)).endsWith("did not serve the snapshot within 2s: waiting for nothing");
        assertThat(outcome.took()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void oneThatTheKernelKillsIsNoFailureOfTheSnapshot() throws IOException {
        var outcome = drill(with("kill -9 $$")).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(outcome))
                .contains("was killed before it served the snapshot, as the kernel does when memory is short");
    }

    @Test
    void oneThatIgnoresRequestsToEndIsKilled() throws IOException {
        assertThat(drill(with("trap '' TERM; \"$etcd\" \"$@\"; sleep 100"))
                        .limits(DrillScene.SHORT)
                        .run())
                .isInstanceOf(DrillOutcome.Passed.class);
    }

    @Test
    void whatItHasStartedEndsWithIt() throws IOException {
        assertThat(drill(with("""
                        (setsid sleep 100 &)
                        (trap '' TERM HUP; sleep 100 & sleep 100) &
                        exec "$etcd" "$@\"""")).run()).isInstanceOf(DrillOutcome.Passed.class);
    }

    @Test
    void oneThatPrintsEndlesslyTakesNoMemory() throws IOException {
        var before = Runtime.getRuntime().totalMemory();
        assertThat(drill(with("""
                        yes 'a line that is printed again and again' &
                        exec "$etcd" "$@\"""")).run()).isInstanceOf(DrillOutcome.Passed.class);
        assertThat(Runtime.getRuntime().totalMemory() - before).isLessThan(256 << 20);
    }

    @Test
    void itGetsNothingOfThisProcess() throws IOException {
        var seen = dir.resolve("seen");
        var outcome = drill(with("""
                        # that is written after the start
                        tries=0
                        until [ "$(cat /proc/$$/oom_score_adj)" = 1000 ] || [ $tries = 50 ]
                        do tries=$((tries + 1)); sleep 0.1
                        done
                        { env; ls -l /proc/$$/fd; cat /proc/$$/oom_score_adj; } > %s
                        exec "$etcd" "$@\"""".formatted(seen))).run();

        assertThat(outcome).isInstanceOf(DrillOutcome.Passed.class);
        var lines = Files.readAllLines(seen);
        assertThat(lines.stream().filter(line -> line.matches("[A-Z_]+=.*")).map(line -> line.replaceAll("=.*", "")))
                .containsOnly("PWD", "OTHERIX_ETCD_BACKUP_DRILL");
        assertThat(lines).filteredOn(line -> line.contains(" 0 -> ")).allMatch(line -> line.endsWith("/dev/null"));
        assertThat(lines.getLast()).isEqualTo("1000");
    }
}
