package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a caller is told who waited too long. */
class DeleteCopyControllerTests {

    @Test
    void aRemovalThatHasBegunIsNotSaidToHaveChangedNothing() {
        var late = DeleteCopyController.late(new SnapshotName(Instant.parse("2026-06-06T03:15:00Z")), "s3");
        assertThat(late)
                .hasMessageContaining("a removal that has begun continues")
                .hasMessageContaining("GET /v1/snapshots/otherix-20260606T031500Z.db")
                .hasMessageNotContaining("nothing was changed");
    }
}
