package dev.otherix.backup.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives each request an id: the caller's {@code X-Request-ID} if it is 1 to 128 visible ASCII characters, else a new
 * one. It is in every answer, and in the log as {@code request_id}.
 */
final class RequestIds implements Filter {

    static final String HEADER = "X-Request-ID";
    private static final String ATTRIBUTE = RequestIds.class.getName();
    private static final String MDC_KEY = "request_id";
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /** The id of {@code request}. */
    static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        var id = takenOrMade(request.getHeader(HEADER));
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var id = of((HttpServletRequest) request);
        ((HttpServletResponse) response).setHeader(HEADER, id);
        try (var _ = MDC.putCloseable(MDC_KEY, id)) {
            chain.doFilter(request, response);
        }
    }

    private static String takenOrMade(@Nullable String given) {
        return given != null && VISIBLE.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
