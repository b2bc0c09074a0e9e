package dev.otherix.backup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What retention removes at the start of the service, with no run before it. */
class AuditLogTests {

    private final List<String> lines = new ArrayList<>();
    private final AuditLog audit =
            new AuditLog(lines::add, Clock.fixed(Instant.parse("2026-06-10T12:00:00Z"), ZoneOffset.UTC));

    @Test
    void aPruneAtStartIsTakenDown() {
        var name = SnapshotName.parse("otherix-20260606T031500Z.db").orElseThrow();

        audit.prunedAtStart(new Pruned(List.of(name), Optional.empty()));

        assertThat(lines)
                .containsExactly(
                        "{\"log\":\"audit\",\"at\":\"2026-06-10T12:00:00Z\",\"event\":\"prune\",\"by\":\"retention\","
                                + "\"trigger\":null,\"snapshots\":[\"otherix-20260606T031500Z.db\"],\"outcome\":\"done\"}");
    }
}
