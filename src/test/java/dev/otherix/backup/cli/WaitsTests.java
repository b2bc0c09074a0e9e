package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitsTests {

    private static final String SAID = "otherix-etcd-backup: /backups has not answered for 0 s. Check the disk, or the"
            + " server of the file system. This command waits; end it with Ctrl-C.";

    private final StringWriter screen = new StringWriter();
    private final Waits waits = new Waits(new PrintWriter(screen), Duration.ofMillis(200));

    @Test
    void whatDoesNotAnswerIsNamedOnce() {
        try (var _ = waits.on("/backups")) {
            await().until(() -> !screen.toString().isEmpty());
        }
        try (var _ = waits.on("/others")) {
            await().during(Duration.ofMillis(600))
                    .until(() -> screen.toString().lines().toList().equals(List.of(SAID)));
        }
    }

    @Test
    void whatAnswersOrGoesOnIsNotNamed() {
        try (var _ = waits.on("/quick")) {
            assertThat(screen.toString()).isEmpty();
        }
        try (var _ = waits.on("/backups")) {
            await().pollInterval(Duration.ofMillis(20))
                    .during(Duration.ofMillis(600))
                    .until(() -> {
                        waits.goesOn();
                        return screen.toString().isEmpty();
                    });
        }
        await().during(Duration.ofMillis(600)).until(() -> screen.toString().isEmpty());
    }
}
