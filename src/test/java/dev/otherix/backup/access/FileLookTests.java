package dev.otherix.backup.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The file is a FIFO that nobody writes to: to open it does not return, as on a mount that hangs. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class FileLookTests {

    @TempDir
    private Path temporary;

    @Test
    @NeedsProgram("mkfifo")
    void aFileThatDoesNotAnswerHoldsOneThreadAndIsReportedOnce(CapturedOutput output) throws Exception {
        var fifo = temporary.resolve("token");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        var looks = new AtomicInteger();
        var look = new FileLook(
                fifo.toString(),
                "the last good tokens stay valid",
                () -> {
                    looks.incrementAndGet();
                    read(fifo);
                },
                Duration.ofMillis(100));
        try {
            await().until(() -> {
                look.begin();
                return look.hangs().isPresent();
            });
            look.begin();

            assertThat(look.hangs()).hasValueSatisfying(why -> assertThat(why).contains(fifo.toString()));
            assertThat(looks).as("threads that wait").hasValue(1);
        } finally {
            Files.writeString(fifo, "a token");
        }
        await().until(() -> look.hangs().isEmpty());
        assertThat(Written.out(output).toString().split("the last good tokens stay valid: no answer from", -1))
                .hasSize(2);
        assertThat(Written.out(output)).contains(fifo + " can be looked at again");
    }

    @Test
    void aLookThatFailsIsReportedAndTheNextOneBegins(CapturedOutput output) {
        var looks = new AtomicInteger();
        var look = new FileLook("a file", "nothing changes", () -> {
            looks.incrementAndGet();
            throw new IllegalStateException("broken on purpose");
        });
        await().until(() -> {
            look.begin();
            return looks.get() > 1;
        });
        assertThat(look.hangs()).isEmpty();
        assertThat(Written.out(output)).contains("looking at a file failed unexpectedly");
    }

    private static void read(Path file) {
        try {
            Files.readString(file);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
