package dev.otherix.backup.monitoring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers metrics whatever {@code Accept} asks for: if nothing in it can be served, as the text that every Prometheus
 * reads. A newer Prometheus asks for versions that do not exist here yet, and no scrape should fail for that.
 */
final class ScrapeAccept extends OncePerRequestFilter {

    static final String PATH = "/actuator/prometheus";
    private static final String TEXT = "text/plain;version=0.0.4;q=0.001";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var asked = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
        chain.doFilter(
                asked.isEmpty()
                        ? request
                        : new Accepting(request, understood(asked) ? String.join(",", asked) + "," + TEXT : TEXT),
                response);
    }

    private static boolean understood(List<String> accept) {
        try {
            accept.forEach(MimeTypeUtils::parseMimeTypes);
            return true;
        } catch (InvalidMimeTypeException nonsense) {
            return false;
        }
    }

    /** The request with another {@code Accept}. */
    private static final class Accepting extends HttpServletRequestWrapper {

        private final String accept;

        Accepting(HttpServletRequest request, String accept) {
            super(request);
            this.accept = accept;
        }

        @Override
        public String getHeader(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ACCEPT) ? accept : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ACCEPT)
                    ? Collections.enumeration(List.of(accept))
                    : super.getHeaders(name);
        }
    }
}
