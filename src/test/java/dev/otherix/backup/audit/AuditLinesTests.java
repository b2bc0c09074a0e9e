package dev.otherix.backup.audit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AuditLinesTests {

    @Test
    @Timeout(60)
    @NeedsProgram("mkfifo")
    void aPipeThatNothingReadsIsRefusedAndNotOpened(@TempDir Path temporary) {
        var pipe = temporary.resolve("audit.log");
        Command.of("mkfifo", pipe.toString()).output();

        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> new AuditLines(new AuditProperties(pipe)))
                .withMessage("audit.file = " + pipe + " is not a file that can be rotated");
    }
}
