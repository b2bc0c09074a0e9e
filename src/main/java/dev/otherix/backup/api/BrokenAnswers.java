package dev.otherix.backup.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.apache.coyote.CloseNowException;

/**
 * Ends the connection where an answer broke off after it had begun. Left alone, Tomcat would keep it open, and the
 * client would wait for the rest or take the next answer for it.
 */
final class BrokenAnswers implements Filter {

    private static final String ATTRIBUTE = BrokenAnswers.class.getName();

    /** Says that the answer to {@code request} has begun and cannot be completed. */
    static void brokeOff(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.getAttribute(ATTRIBUTE) != null) {
            // once: Tomcat shows the error page to a request that ends so
            request.removeAttribute(ATTRIBUTE);
            throw new CloseNowException("the answer broke off");
        }
    }
}
