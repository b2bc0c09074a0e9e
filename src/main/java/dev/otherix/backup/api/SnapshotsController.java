package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.job.DirectoryGate;
import dev.otherix.backup.job.Retention;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists, pins, unpins and deletes snapshots. */
@RestController
@WithDirectory
@RequestMapping(path = "/v1/snapshots", produces = MediaType.APPLICATION_JSON_VALUE)
final class SnapshotsController {

    private final NamedSnapshots snapshots;
    private final SnapshotDirectory directory;
    private final DirectoryGate gate;
    private final Retention retention;

    SnapshotsController(
            NamedSnapshots snapshots, SnapshotDirectory directory, DirectoryGate gate, Retention retention) {
        this.gate = gate;
        this.snapshots = snapshots;
        this.directory = directory;
        this.retention = retention;
    }

    @GetMapping
    Page<Snapshot> list(
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var query = PageQuery.of(limit, cursor, SnapshotName::parse);
        gate.pass();
        var rest = query.after().map(directory::olderThan).orElseGet(directory::newestFirst);
        return query.page(
                rest.limit(query.limit() + 1L).toList(),
                snapshot -> snapshot.name().toString());
    }

    @GetMapping("/{name}")
    Snapshot get(@PathVariable String name) {
        return snapshots.find(name);
    }

    /** @param pinned whether retention must always keep it */
    record Change(@Nullable Boolean pinned) {}

    @PatchMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Snapshot change(@PathVariable String name, @RequestBody Change change, HttpServletRequest request) {
        if (change.pinned() == null) {
            throw ApiFailure.invalid("pinned", "must be true or false");
        }
        var found = snapshots.find(name).name();
        AuditedRequest.of(request).about(found);
        pin(found, change.pinned());
        retention.explain();
        return directory.find(found).orElseThrow(NamedSnapshots::none);
    }

    @DeleteMapping
    Page<SnapshotName> release(@RequestParam(required = false) @Nullable String lineage, HttpServletRequest request) {
        var name = Optional.ofNullable(lineage)
                .flatMap(SnapshotName::parse)
                .orElseThrow(() -> ApiFailure.invalid(
                        "lineage",
                        "must name an earlier lineage: the value of lineage in a record, such as "
                                + "otherix-20260606T031500Z.db"));
        AuditedRequest.of(request).about(name);
        gate.pass();
        var released = retention
                .release(name)
                .orElseThrow(() -> new ApiFailure(
                        ErrorCode.CONFLICT,
                        name
                                + " is the current lineage, and only earlier ones can be released; to delete one of "
                                + "its snapshots, send"
                                + " DELETE /v1/snapshots/{name}"));
        AuditedRequest.of(request).removed(released);
        return new Page<>(released, new Page.Meta(null));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String name, HttpServletRequest request) {
        var found = snapshots.find(name).name();
        AuditedRequest.of(request).about(found);
        switch (directory.deleteUnlessNeeded(found)) {
            case MISSING -> throw NamedSnapshots.none();
            case NEWEST_VERIFIED ->
                throw new ApiFailure(
                        ErrorCode.RESOURCE_IN_USE,
                        found + " is the newest verified snapshot, the one to"
                                + " restore; take another with POST /v1/snapshots first");
            case PINNED ->
                throw new ApiFailure(
                        ErrorCode.CONFLICT, found + " is pinned; unpin it first with PATCH and {\"pinned\": false}");
            case DELETED -> retention.explain();
        }
    }

    private void pin(SnapshotName name, boolean pinned) {
        try {
            directory.pin(name, pinned);
        } catch (DirectoryFailure failure) {
            // retention may have removed it in between
            if (failure.reason() == DirectoryFailure.Reason.GONE
                    && directory.find(name).isEmpty()) {
                throw NamedSnapshots.none();
            }
            throw failure;
        }
    }
}
