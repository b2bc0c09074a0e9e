package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.restore.Quarantine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored otherix-api starts with agents and workers shut out, and both are let in by one edit. */
class QuarantineTests {

    private static final String BOTH_OFF = "\nOTHERIX_AGENT_SERVER__ENABLED=false\nOTHERIX_WORKERS__ENABLED=false\n";

    private final Runbook runbook = Runbook.restore();

    @TempDir
    private Path temporary;

    @Test
    void itTurnsOffAgentsAndWorkersTogetherAndItsEndTakesBothAwayAndNothingElse() throws IOException {
        var file = env("OTHERIX_AUTH__JWT_SECRET=0123456789abcdef\nOTHERIX_AGENT_CLIENT__ENABLED=false\n");
        var before = Files.readString(file);

        assertThat(paste("quarantine", file).output())
                .endsWith("OTHERIX_AGENT_SERVER__ENABLED=false\nOTHERIX_WORKERS__ENABLED=false\n")
                .doesNotContain("SECRET");
        assertThat(file).content().startsWith(before).contains(BOTH_OFF);

        assertThat(paste("quarantine-end", file).exitCode()).isZero();
        assertThat(file).hasContent(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLastLineWithoutItsEndAndASecondPasteDoNoHarm() throws IOException {
        var file = env("OTHERIX_ETCD__NAME=otherix-0");

        paste("quarantine", file);
        paste("quarantine", file);
        assertThat(file).content().startsWith("OTHERIX_ETCD__NAME=otherix-0\n").contains(BOTH_OFF);

        paste("quarantine-end", file);
        assertThat(file).content().isEqualTo("OTHERIX_ETCD__NAME=otherix-0\n");
    }

    @Test
    void itsEndFailsWhileALineOfItIsLeft() throws IOException {
        var file = env("OTHERIX_WORKERS__ENABLED=false\n");

        paste("quarantine", file);
        var end = paste("quarantine-end", file);
        assertThat(end.exitCode()).isNotZero();
        assertThat(end.output()).startsWith("1:OTHERIX_WORKERS__ENABLED=false\nSTOP: ");
        assertThat(file).hasContent("OTHERIX_WORKERS__ENABLED=false\n");
    }

    @Test
    void aFileThatOtherixApiDoesNotReadIsNotMade() {
        var missing = temporary.resolve("api.env");

        var stopped = paste("quarantine", missing);
        assertThat(stopped.exitCode()).isNotZero();
        assertThat(stopped.output()).startsWith("STOP: " + missing + " is missing.");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aPlanAndARestorePrintTheBlocksOfThePage() {
        assertThat(runbook.lines("quarantine")).isEqualTo(Quarantine.begin());
        assertThat(runbook.lines("quarantine-end")).isEqualTo(Quarantine.end());
    }

    private Path env(String content) throws IOException {
        return Files.writeString(
                Files.createFile(
                        temporary.resolve("api.env"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                content);
    }

    private Command.Result paste(String block, Path file) {
        return runbook.paste(block, new EtcdHome(temporary, "none", "not needed"), Map.of("API_ENV", file));
    }
}
