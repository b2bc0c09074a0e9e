package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdLogTests {

    @TempDir
    private Path directory;

    @Test
    void ofALogWithATroubleOnlyTheTroubleIsShown() throws IOException {
        assertThat(reason("{\"level\":\"info\",\"msg\":\"starting\",\"name\":\"default\"}\n".repeat(100)
                        + "{\"level\":\"fatal\",\"ts\":\"now\",\"caller\":\"a.go:1\",\"msg\":\"discovery failed\",\"error\":\"listen: address already in use\"}\n"
                        + "{\"level\":\"info\",\"msg\":\"closing\"}\n"))
                .isEqualTo("fatal: discovery failed listen: address already in use");
    }

    @Test
    void theOlderFormatIsReadToo() throws IOException {
        assertThat(
                        reason(
                                "2026-06-06 03:15:00.1 I | etcdmain: etcd Version: 3.4.23\n2026-06-06 03:15:00.2 C | etcdmain: listen: address already in use\n"))
                .isEqualTo("2026-06-06 03:15:00.2 C | etcdmain: listen: address already in use");
    }

    @Test
    void aWrongFlagIsFoundBeforeTheUsageThatFollowsIt() throws IOException {
        assertThat(reason("flag provided but not defined: -nonsense\nUsage:\n" + "  --some-flag\n".repeat(80))
                        .lines())
                .hasSize(9)
                .startsWith("flag provided but not defined: -nonsense", "Usage:", "... 74 more ...");
    }

    @Test
    void whereAllIsRoutineTheLastLinesAreShownAndCut() throws IOException {
        assertThat(reason("{\"level\":\"info\",\"msg\":\"" + "x".repeat(1000) + "\"}\n"
                                + "{\"level\":\"info\"}\n".repeat(2))
                        .lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(250));
        assertThat(new EtcdLog(directory.resolve("missing")).reason()).isEqualTo("(no log)");
    }

    private String reason(String log) throws IOException {
        return new EtcdLog(Files.writeString(directory.resolve("etcd.log"), log)).reason();
    }
}
