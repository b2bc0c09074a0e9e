package dev.otherix.backup.audit;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes each request that belongs in the audit log, once it has ended. */
final class AuditTrail implements Filter {

    private final AuditLog log;

    public AuditTrail(AuditLog log) {
        this.log = log;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var call = AuditLog.Call.of(http, AuditedRequest.of(http));
        boolean waits = false;
        try {
            chain.doFilter(request, response);
            waits = request.isAsyncStarted();
            if (waits) {
                request.getAsyncContext().addListener(new AtTheEnd(call, (HttpServletResponse) response));
            }
        } finally {
            if (!waits) {
                log.ended(call, (HttpServletResponse) response);
            }
        }
    }

    /** The end of a request that waited for its answer without a thread. */
    private final class AtTheEnd implements AsyncListener {

        private final AuditLog.Call call;
        private final HttpServletResponse response;

        AtTheEnd(AuditLog.Call call, HttpServletResponse response) {
            this.call = call;
            this.response = response;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            log.ended(call, response);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // its end follows
        }

        @Override
        public void onError(AsyncEvent event) {
            // its end follows
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
