package dev.otherix.backup.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.apache.coyote.CloseNowException;

/**
 * Closes the connection if an answer broke off after it had started. Otherwise Tomcat would keep it open, and the
 * client would wait for the rest or mistake the next answer for it.
 */
final class BrokenAnswers implements Filter {

    private static final String ATTRIBUTE = BrokenAnswers.class.getName();

    /** Reports that the answer to {@code request} has started and cannot be completed. */
    static void brokeOff(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.getAttribute(ATTRIBUTE) != null) {
            // only once: Tomcat calls the error page for such a request
            request.removeAttribute(ATTRIBUTE);
            throw new CloseNowException("the answer broke off");
        }
    }
}
