package dev.otherix.backup.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The preconditions of a request for a file (RFC 9110, 13). Dates match nothing, because the answer carries none.
 *
 * @param etag of the file, quoted; null if its content is not proven; it then matches nothing
 */
record Preconditions(HttpServletRequest request, @Nullable String etag) {

    private static final String WEAK = "W/";

    /** Whether {@code If-Match} names another content. */
    boolean failed() {
        var wanted = tags(HttpHeaders.IF_MATCH);
        return !wanted.isEmpty() && !wanted.contains("*") && (etag == null || !wanted.contains(etag));
    }

    /** Whether {@code If-None-Match} names this content: the caller already has it. */
    boolean unchanged() {
        var had = tags(HttpHeaders.IF_NONE_MATCH);
        return had.contains("*") || etag != null && (had.contains(etag) || had.contains(WEAK + etag));
    }

    /** The {@code Range} header, unless {@code If-Range} names another content. */
    @Nullable
    String range() {
        var meantFor = request.getHeader(HttpHeaders.IF_RANGE);
        return meantFor == null || meantFor.equals(etag) ? request.getHeader(HttpHeaders.RANGE) : null;
    }

    private List<String> tags(String header) {
        return Collections.list(request.getHeaders(header)).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .toList();
    }
}
