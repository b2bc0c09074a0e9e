package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Java cannot listen on such a socket either, so Python does. That systemd itself takes the notice: DebianPackageIT.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReadyNoticeTests {

    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            name = sys.argv[1]
            s.bind("\\0" + name[1:] if name.startswith("@") else name)
            s.settimeout(60)
            print("bound", flush=True)
            print(s.recv(100).decode(), flush=True)
            """;

    @TempDir
    private Path temporary;

    @Test
    @NeedsProgram("python3")
    void aSocketInTheFileSystemGetsIt() throws IOException, InterruptedException {
        assertThat(received(temporary.resolve("notify").toString())).isEqualTo("READY=1");
    }

    @Test
    @NeedsProgram("python3")
    void anAbstractSocketGetsIt() throws IOException, InterruptedException {
        assertThat(received(
                        "@otherix-etcd-backup-test-" + ProcessHandle.current().pid()))
                .isEqualTo("READY=1");
    }

    @Test
    void aSocketThatIsNotThereIsLoggedAndEndsNothing(CapturedOutput output) {
        var missing = temporary.resolve("missing").toString();
        assertThatCode(() -> ReadyNotice.send(missing, "READY=1")).doesNotThrowAnyException();
        // ENOENT
        assertThat(Written.out(output)).contains(missing + " failed, errno 2");
    }

    private static String received(String socket) throws IOException, InterruptedException {
        var listener = new ProcessBuilder("python3", "-c", LISTENER, socket)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = listener.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("bound");
            ReadyNotice.send(socket, "READY=1");
            var line = lines.readLine();
            assertThat(listener.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return line;
        } finally {
            listener.destroyForcibly();
        }
    }
}
