package dev.otherix.backup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class AuditLinesTests {

    private static final String LINE = "{\"log\":\"audit\",\"event\":\"" + "x".repeat(3000) + "\"}";

    @Test
    @NeedsProgram("mkfifo")
    void aPipeThatNothingReadsIsRefusedAndNotOpened(@TempDir Path temporary) {
        var pipe = temporary.resolve("audit.log");
        Command.of("mkfifo", pipe.toString()).output();

        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> new AuditLines(new AuditProperties(pipe)))
                .withMessage("audit.file = " + pipe + " is not a file that can be rotated");
    }

    @Test
    void aDeviceIsRefusedToo() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> new AuditLines(new AuditProperties(Path.of("/dev/null"))))
                .withMessage("audit.file = /dev/null is not a file that can be rotated")
                .satisfies(
                        refused -> assertThat(refused.fix()).contains("remove audit.file", "cannot be switched off"));
    }

    @Test
    @NeedsTmpfs
    void aFullDiskDropsWholeLinesCountsThemAndIsReportedOnce(CapturedOutput output) throws IOException {
        try (var disk = Tmpfs.mount(1);
                var lines = new AuditLines(new AuditProperties(disk.directory().resolve("audit.log")))) {
            var file = disk.directory().resolve("audit.log");
            lines.accept("first");
            await().until(() -> Files.readString(file).equals("first\n"));
            var room = disk.directory().toFile().getUsableSpace();
            Files.write(disk.directory().resolve("other"), new byte[(int) room - 4096]);

            IntStream.range(0, 50).forEach(_ -> lines.accept(LINE));

            await().until(() -> lines.count() + Files.readAllLines(file).size() == 1 + 50);
            assertThat(lines.count()).isGreaterThan(40);
            assertThat(Files.readString(file)).endsWith("\n");
            assertThat(Files.readAllLines(file).stream().skip(1)).containsOnly(LINE);
            assertThat(times("does not accept lines (No space left on device)", output))
                    .isEqualTo(1);

            var lost = lines.count();
            Files.delete(disk.directory().resolve("other"));
            lines.accept("last");

            await().until(() -> Files.readString(file)
                    .endsWith(
                            "last\n" + lost + " lines of the audit log were dropped: nothing read them, or the disk did"
                                    + " not accept them\n"));
            assertThat(times("accepts lines again; " + lost + " were dropped", output))
                    .isEqualTo(1);
            assertThat(lines.count()).isEqualTo(lost);
        }
    }

    private static int times(String text, CapturedOutput output) {
        return StringUtils.countOccurrencesOf(Written.out(output).getAll(), text);
    }
}
