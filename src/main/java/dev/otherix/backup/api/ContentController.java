package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The file of a snapshot, or a part of it. The file is opened once, so a running download completes even if the
 * snapshot is deleted meanwhile.
 */
@RestController
@WithDirectory
final class ContentController {

    /**
     * Each occupies a thread while its client reads. The limit is far below the number of threads, so that slow clients
     * delay no other caller.
     */
    private static final int MOST_AT_ONCE = 16;

    private final Semaphore downloads = new Semaphore(MOST_AT_ONCE);
    private final NamedSnapshots snapshots;
    private final SnapshotDirectory directory;

    ContentController(NamedSnapshots snapshots, SnapshotDirectory directory) {
        this.snapshots = snapshots;
        this.directory = directory;
    }

    @GetMapping(path = "/v1/snapshots/{name}/content", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void content(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!downloads.tryAcquire()) {
            throw new ApiFailure(
                    ErrorCode.RATE_LIMITED,
                    MOST_AT_ONCE + " downloads are already running; try again when one has ended");
        }
        try {
            send(name, request, response);
        } finally {
            downloads.release();
        }
    }

    private void send(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var snapshot = snapshots.find(name);
        try (var file = directory.open(snapshot.name())) {
            answer(snapshot, file, request, response);
        } catch (NoSuchFileException deletedMeanwhile) {
            throw NamedSnapshots.none();
        }
    }

    private static void answer(
            Snapshot snapshot, SeekableByteChannel file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var etag = snapshot.sha256() == null ? null : "\"" + snapshot.sha256() + "\"";
        var conditions = new Preconditions(request, etag);
        if (conditions.failed()) {
            throw new ApiFailure(
                    HttpStatus.PRECONDITION_FAILED,
                    ErrorCode.VALIDATION_FAILED.problem("the content is not the one that If-Match names"));
        }
        if (etag != null) {
            response.setHeader(HttpHeaders.ETAG, etag);
        }
        if (conditions.unchanged()) {
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        var part = ByteRange.of(conditions.range(), file.size());
        if (part == null) {
            throw noSuchByte(file.size(), response);
        }
        describe(part, file.size(), snapshot, response);
        if (!HttpMethod.HEAD.matches(request.getMethod())) {
            var download = AuditedRequest.of(request)
                    .download(snapshot.name(), snapshot.sha256(), part.first(), part.last(), file.size());
            new FilePart(file, part).copyTo(response.getOutputStream(), download::sent);
            response.flushBuffer();
            download.complete();
        }
    }

    private static void describe(ByteRange part, long size, Snapshot snapshot, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + snapshot.name() + "\"");
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(part.length());
        if (part.asked()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes " + part.first() + "-" + part.last() + "/" + size);
        }
    }

    private static ApiFailure noSuchByte(long size, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        return new ApiFailure(
                HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                ErrorCode.VALIDATION_FAILED.problem(
                        "the content has " + size + " bytes, none of which Range names", Map.of("size_bytes", size)));
    }
}
